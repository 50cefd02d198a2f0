import { createLibreTranslateEngine, type EngineOptions } from '../src/index.ts';
import { sendJson } from './chat-answers.ts';
import type { EngineFixture } from './engine-contract.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

export interface LibreTranslateFixture extends EngineFixture {
  readonly server: ScriptedServer;
}

export const libreTranslateDefaults: Omit<EngineOptions, 'baseUrl'> = {
  apiKey: 'test-key',
  connections: 20,
  connectTimeoutMs: 20_000,
  firstTokenTimeoutMs: 20_000,
  totalTimeoutMs: 20_000,
  http2: true,
  pooled: true,
  idleTimeoutMs: 60_000,
  refreshIntervalMs: 20_000,
};

/** What `GET /languages` lists. */
const languages = [
  { code: 'en', name: 'English', targets: ['en', 'es', 'pb', 'pt', 'tl', 'zh-Hans', 'zh-Hant'] },
  { code: 'es', name: 'Spanish', targets: ['en', 'es'] },
  { code: 'zt', name: 'Chinese (traditional)', targets: ['en'] },
];

/**
 * The adapter against a stand-in for a LibreTranslate server, which answers as the operations `/translate` and
 * `/languages` of https://docs.libretranslate.com/api/operations/ are described.
 */
export async function startLibreTranslateFixture(
  given: Partial<EngineOptions> = {},
  listed: readonly unknown[] = languages,
): Promise<LibreTranslateFixture> {
  const server = await startScriptedServer();
  const engine = createLibreTranslateEngine({ ...libreTranslateDefaults, baseUrl: server.origin, ...given });

  const onTranslate = (script: ScriptedServer['script']) => {
    server.script = (exchange) => {
      if (exchange.method === 'POST' && exchange.url === '/translate') return script(exchange);
      if (exchange.url === '/languages') sendJson(exchange.answer, 200, listed);
      else sendJson(exchange.answer, 404, { error: 'not found' });
    };
  };
  const refuse = (statusCode: number, error: string, headers: Record<string, string> = {}) =>
    onTranslate(({ answer }) => sendJson(answer, statusCode, { error }, headers));
  const spoken = 'Good morning everyone.';

  onTranslate(() => undefined);
  await engine.warm(new AbortController().signal);

  return {
    engine,
    server,
    tellsUsage: false,
    tellsWait: true,
    get calls() {
      return server.exchanges.filter(({ url }) => url === '/translate').length;
    },
    get bodies() {
      return server.exchanges.filter(({ url }) => url === '/translate').map(({ body }) => body);
    },
    translateAs: (translatedText) => onTranslate(({ answer }) => sendJson(answer, 200, { translatedText })),
    limitRate: (retryAfterMs) =>
      refuse(429, 'Slowdown: 80 per 1 minute', { 'retry-after': String(retryAfterMs / 1000) }),
    failWith: (fault) => {
      if (fault === 'unavailable') refuse(500, `Cannot translate text: ${spoken}`);
      if (fault === 'bad-key') refuse(403, 'Invalid API key');
      if (fault === 'garbage') onTranslate(({ answer }) => void answer.writeHead(200).end(`Buenos ${spoken}`));
      if (fault === 'empty-body') onTranslate(({ answer }) => sendJson(answer, 200, {}));
      if (fault === 'cut') {
        onTranslate((exchange) => {
          exchange.answer.writeHead(200, { 'content-length': '1000' });
          exchange.answer.write('{"translatedText":"Buenos', () => exchange.cut());
        });
      }
      if (fault === 'pair-unsupported') {
        refuse(400, 'Spanish (es) is not available as a target language from English (en)');
      }
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
