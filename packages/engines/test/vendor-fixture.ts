import { createOpenAiEngine, type OpenAiEngineOptions } from '../src/index.ts';
import { sendError } from './chat-answers.ts';
import { errorThatBecomes, type ErrorAnswer, type RecordedReply, type Vendor } from './corpus/vendor.ts';
import { openAiDefaults, type OpenAiFixture } from './openai-fixture.ts';
import { startScriptedServer, type Exchange, type ScriptedServer } from './scripted-server.ts';

function bytesOf(body: unknown): string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
}

/** Answers with an error as it stands in the corpus. */
export function sendErrorAnswer(
  { answer }: Pick<Exchange, 'answer'>,
  { statusCode, headers, body }: ErrorAnswer,
): void {
  answer.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
  answer.end(bytesOf(body));
}

/** Answers with a reply as it stands in the corpus. */
export function sendRecordedReply(
  { answer }: Pick<Exchange, 'answer'>,
  { stream, headers, body }: Pick<RecordedReply, 'stream' | 'headers' | 'body'>,
): void {
  answer.writeHead(200, { 'content-type': stream ? 'text/event-stream' : 'application/json', ...headers });
  answer.end(bytesOf(body));
}

/** The adapter against a server that answers as one vendor's documentation says. */
export async function startVendorFixture(
  vendor: Vendor,
  given: Partial<OpenAiEngineOptions> = {},
): Promise<OpenAiFixture> {
  const server = await startScriptedServer();
  const { basePath, query = '' } = vendor;
  const baseUrl = `${server.origin}${basePath}${query}`;
  const engine = createOpenAiEngine({ ...openAiDefaults, baseUrl, ...given });
  const chatUrl = `${basePath}/chat/completions${query}`;

  const onChat = (script: ScriptedServer['script']) => {
    server.script = (exchange) => {
      if (exchange.method === 'POST' && exchange.url === chatUrl) return script(exchange);
      exchange.answer.writeHead(404).end();
    };
  };
  const sendReply = (exchange: Exchange, text: string): void => {
    const { stream } = JSON.parse(exchange.body) as { stream: boolean };
    const body = stream ? vendor.stream(text.match(/\S+\s*/gu) ?? []) : vendor.reply(text);
    sendRecordedReply(exchange, { stream, body });
  };

  return {
    engine,
    server,
    tellsUsage: true,
    tellsWait: vendor.tellsWait,
    get calls() {
      return server.exchanges.filter(({ url }) => url === chatUrl).length;
    },
    get bodies() {
      return server.exchanges.filter(({ url }) => url === chatUrl).map(({ body }) => body);
    },
    translateAs: (translation) => onChat((exchange) => sendReply(exchange, translation)),
    limitRate: (waitMs) => onChat((exchange) => sendErrorAnswer(exchange, vendor.rateLimit(waitMs))),
    failWith: (fault) => {
      if (fault === 'unavailable') {
        onChat((exchange) => sendErrorAnswer(exchange, errorThatBecomes(vendor, 'unavailable')));
      }
      if (fault === 'bad-key') {
        onChat((exchange) => sendErrorAnswer(exchange, errorThatBecomes(vendor, 'rejected', 401)));
      }
      if (fault === 'garbage') onChat(({ answer }) => void answer.writeHead(200).end('data: Buenos\n\n'));
      if (fault === 'empty-body') {
        onChat((exchange) => sendRecordedReply(exchange, { stream: false, body: { choices: [] } }));
      }
      if (fault === 'cut') {
        onChat((exchange) => {
          exchange.answer.writeHead(200, { 'content-length': '100000' });
          const beginning = vendor.stream(['Buenos ', 'días']).split('días')[0] ?? '';
          exchange.answer.write(beginning, () => exchange.cut());
        });
      }
      // An extension of Parley's own local engine, which none of them has.
      if (fault === 'pair-unsupported') {
        onChat(({ answer }) => sendError(answer, 400, { code: 'language_pair_unsupported', param: 'target' }));
      }
    },
    hang: () => {
      onChat(() => undefined);
      return server.nextExchange();
    },
    async close() {
      await engine.close();
      await server.close();
    },
  };
}
