import { createOpenAiEngine, type OpenAiEngineOptions } from '../src/index.ts';
import type { TestCertificate } from './certificate.ts';
import { chunk, sendError, sendJson, sendTranslation } from './chat-answers.ts';
import type { EngineFixture } from './engine-contract.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

export const openAiDefaults: Omit<OpenAiEngineOptions, 'baseUrl'> = {
  apiKey: 'test-key',
  model: 'test-model',
  connections: 20,
  connectTimeoutMs: 20_000,
  firstTokenTimeoutMs: 20_000,
  totalTimeoutMs: 20_000,
  http2: true,
  pooled: true,
  streamFromChars: 200,
  predictions: false,
  idleTimeoutMs: 60_000,
  refreshIntervalMs: 20_000,
};

export interface OpenAiFixture extends EngineFixture {
  readonly server: ScriptedServer;
}

/** The adapter against a server of its own; over TLS with a certificate. */
export async function startOpenAiFixture(
  given: Partial<OpenAiEngineOptions> = {},
  certificate?: TestCertificate,
): Promise<OpenAiFixture> {
  const server = await startScriptedServer(certificate);
  const engine = createOpenAiEngine({
    ...openAiDefaults,
    baseUrl: `${server.origin}/v1`,
    certificateAuthority: certificate?.cert,
    ...given,
  });

  const onChat = (script: ScriptedServer['script']) => {
    server.script = (exchange) => {
      if (exchange.url === '/v1/chat/completions') return script(exchange);
      sendJson(exchange.answer, 200, { object: 'list', data: [{ id: 'test-model' }] });
    };
  };
  const spoken = 'Good morning everyone.';

  return {
    engine,
    server,
    tellsUsage: true,
    tellsWait: true,
    get calls() {
      return server.exchanges.filter(({ url }) => url === '/v1/chat/completions').length;
    },
    get bodies() {
      return server.exchanges.filter(({ url }) => url === '/v1/chat/completions').map(({ body }) => body);
    },
    translateAs: (translation) => onChat((exchange) => sendTranslation(exchange, translation)),
    limitRate: (retryAfterMs) =>
      onChat(({ answer }) =>
        sendError(answer, 429, { code: 'rate_limit_exceeded' }, { 'retry-after-ms': String(retryAfterMs) }),
      ),
    failWith: (fault) => {
      if (fault === 'unavailable')
        onChat(({ answer }) => sendError(answer, 503, { message: `overloaded by ${spoken}` }));
      if (fault === 'bad-key')
        onChat(({ answer }) => sendError(answer, 401, { code: 'invalid_api_key', message: spoken }));
      if (fault === 'garbage') {
        onChat(({ answer }) => void answer.writeHead(200).end(`data: Buenos ${spoken}\n\n`));
      }
      if (fault === 'empty-body') {
        onChat(({ answer }) => sendJson(answer, 200, { choices: [] }));
      }
      if (fault === 'cut') {
        onChat((exchange) => {
          exchange.answer.writeHead(200, { 'content-length': '1000' });
          exchange.answer.write(chunk('Buenos'), () => exchange.cut());
        });
      }
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
