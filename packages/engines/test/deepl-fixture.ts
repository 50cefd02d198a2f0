import { createEngine } from '../src/engine-types.ts';
import type { EngineOptions } from '../src/index.ts';
import { sendJson } from './chat-answers.ts';
import type { EngineFixture } from './engine-contract.ts';
import { startScriptedServer, type Exchange, type ScriptedServer } from './scripted-server.ts';

export interface DeepLFixture extends EngineFixture {
  readonly server: ScriptedServer;
  /** Has the server do this with each request to translate. */
  onTranslate(script: ScriptedServer['script']): void;
  /** What `GET /v2/usage` tells. */
  usage: { character_count: number; character_limit: number };
}

const key = 'test-key:fx';

const options: Omit<EngineOptions, 'baseUrl'> = {
  apiKey: key,
  connections: 20,
  connectTimeoutMs: 20_000,
  firstTokenTimeoutMs: 20_000,
  totalTimeoutMs: 20_000,
  http2: true,
  pooled: true,
  idleTimeoutMs: 60_000,
  refreshIntervalMs: 20_000,
};

const named = (codes: string): { language: string; name: string }[] =>
  codes.split(' ').map((language) => ({ language, name: language }));
const sources = named('DE EN ES NB PT ZH');
const targets = named('DE EN-GB EN-US ES NB PT-BR PT-PT ZH ZH-HANS ZH-HANT');

/** The body of a request to translate, as DeepL reads it. */
export function askedOf({ body }: Pick<Exchange, 'body'>): { text: string[] } & Record<string, unknown> {
  return JSON.parse(body) as { text: string[] } & Record<string, unknown>;
}

/** The answer that translates each text, with the characters that are billed for it. */
export function sendTranslations(exchange: Exchange, translations: readonly string[]): void {
  const { text } = askedOf(exchange);
  sendJson(exchange.answer, 200, {
    translations: translations.map((translation, index) => ({
      detected_source_language: 'EN',
      text: translation,
      billed_characters: text[index]?.length,
    })),
  });
}

/**
 * The adapter against a stand-in for DeepL, which answers as https://developers.deepl.com/api-reference describes it.
 */
export async function startDeepLFixture(given: Partial<EngineOptions> = {}): Promise<DeepLFixture> {
  const server = await startScriptedServer();
  const entry = { type: 'deepl', name: 'deepl', for: 'both', baseUrl: server.origin, ...given } as const;
  const engine = await createEngine(entry, { ...options, baseUrl: server.origin, ...given });
  let usage = { character_count: 0, character_limit: 500_000 };

  const onTranslate = (script: ScriptedServer['script']): void => {
    server.script = (exchange) => {
      const { method, url, answer, headers } = exchange;
      if (headers.authorization !== `DeepL-Auth-Key ${key}`) sendJson(answer, 403, { message: 'Forbidden' });
      else if (method === 'POST' && url === '/v2/translate') return script(exchange);
      else if (url === '/v2/languages?type=source') sendJson(answer, 200, sources);
      else if (url === '/v2/languages?type=target') sendJson(answer, 200, targets);
      else if (url === '/v2/usage') sendJson(answer, 200, usage);
      else sendJson(answer, 404, { message: 'Not found' });
    };
  };
  const refuse = (statusCode: number, message: string, headers: Record<string, string> = {}): void =>
    onTranslate(({ answer }) => sendJson(answer, statusCode, { message }, headers));
  const spoken = 'Good morning everyone.';

  onTranslate(() => undefined);
  await engine.warm(new AbortController().signal);

  return {
    engine,
    server,
    onTranslate,
    tellsUsage: true,
    tellsWait: true,
    get usage() {
      return usage;
    },
    set usage(told) {
      usage = told;
    },
    get calls() {
      return server.exchanges.filter(({ url }) => url === '/v2/translate').length;
    },
    get bodies() {
      return server.exchanges.filter(({ url }) => url === '/v2/translate').map(({ body }) => body);
    },
    translateAs: (translation) => onTranslate((exchange) => sendTranslations(exchange, [translation])),
    limitRate: (retryAfterMs) => refuse(429, 'Too many requests', { 'retry-after': String(retryAfterMs / 1000) }),
    failWith: (fault) => {
      if (fault === 'unavailable') refuse(503, `Service unavailable: ${spoken}`);
      if (fault === 'bad-key') refuse(403, 'Forbidden');
      if (fault === 'garbage') onTranslate(({ answer }) => void answer.writeHead(200).end(`Buenos ${spoken}`));
      if (fault === 'empty-body') onTranslate(({ answer }) => sendJson(answer, 200, {}));
      if (fault === 'cut') {
        onTranslate((exchange) => {
          exchange.answer.writeHead(200, { 'content-length': '1000' });
          exchange.answer.write('{"translations":[{"text":"Buenos', () => exchange.cut());
        });
      }
      if (fault === 'pair-unsupported') refuse(400, "Value for 'target_lang' not supported.");
    },
    hang: () => {
      onTranslate(() => undefined);
      return server.nextExchange();
    },
    async close() {
      await engine.close();
      await server.close();
    },
  };
}
