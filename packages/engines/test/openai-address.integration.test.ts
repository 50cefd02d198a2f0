import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EngineRejectedError } from '@parley/translation';
import { createOpenAiEngine } from '../src/index.ts';
import { apiAddressOf } from '../src/openai/api-address.ts';
import { sendError, sendJson, sendTranslation } from './chat-answers.ts';
import { longFinal, translateAll } from './engine-under-test.ts';
import { openAiDefaults } from './openai-fixture.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

describe('apiAddressOf', () => {
  it.each([
    ['http://127.0.0.1:8000', ['', '/v1']],
    ['http://gateway/openai', ['/openai', '/openai/v1']],
    ['https://api.openai.com/v1', ['/v1']],
    ['https://api.groq.com', ['', '/openai/v1']],
    ['https://api.groq.com/openai', ['/openai', '/openai/v1']],
    ['https://openrouter.ai', ['', '/api/v1']],
    ['https://generativelanguage.googleapis.com', ['', '/v1beta/openai']],
    ['https://generativelanguage.googleapis.com/v1beta', ['/v1beta', '/v1beta/openai']],
    ['https://generativelanguage.googleapis.com/v1beta/openai/', ['/v1beta/openai']],
    ['https://name.openai.azure.com', ['', '/openai/v1']],
    ['https://name.openai.azure.com/openai/deployments/prod?api-version=1', ['/openai/deployments/prod']],
  ])('finds the calls of %s', (baseUrl, basePaths) => {
    expect(apiAddressOf({ baseUrl, apiKey: undefined }).basePaths).toEqual(basePaths);
  });

  const bearer = { authorization: 'Bearer k' };
  const apiKey = { 'api-key': 'k' };

  it.each([
    ['https://api.openai.com/v1', undefined, bearer],
    ['https://name.openai.azure.com/openai/deployments/prod?api-version=2024-10-21', undefined, apiKey],
    ['https://name.cognitiveservices.azure.com/openai/deployments/prod?api-version=1', undefined, apiKey],
    ['https://name.services.ai.azure.com/models?api-version=1', undefined, apiKey],
    ['https://name.openai.azure.com/openai/v1', undefined, bearer],
    ['http://gateway/llm?api-version=1', undefined, apiKey],
    ['http://gateway/openai/deployments/prod', undefined, apiKey],
    ['http://gateway/v1', 'api-key', apiKey],
    ['http://gateway/v1?api-version=1', 'authorization', bearer],
  ] as const)('sends the key to %s as it wants it, by setting %s', (baseUrl, authHeader, expected) => {
    const { headers } = apiAddressOf({ baseUrl, apiKey: 'k', authHeader });
    expect(headers).toEqual({ 'user-agent': 'parley', ...expected });
  });

  it('sends a token of Entra ID as a token', () => {
    const token = 'eyJhbGciOiJub25lIn0.e30.x';
    const baseUrl = 'https://name.openai.azure.com/openai/deployments/prod?api-version=1';
    expect(apiAddressOf({ baseUrl, apiKey: token }).headers).toMatchObject({ authorization: `Bearer ${token}` });
  });
});

describe('an API below another path than the base URL', () => {
  let server: ScriptedServer;
  let engine: ReturnType<typeof createOpenAiEngine>;
  const { signal } = new AbortController();
  const paths = () => server.exchanges.map(({ url }) => url);

  beforeEach(async () => {
    server = await startScriptedServer();
    engine = createOpenAiEngine({ ...openAiDefaults, baseUrl: server.origin, connections: 1 });
    server.script = (exchange) => {
      if (exchange.url === '/v1/chat/completions') sendTranslation(exchange, 'Hola.');
      else if (exchange.url !== '/v1/models') sendJson(exchange.answer, 404, { detail: 'Not Found' });
      else sendJson(exchange.answer, 200, { data: [{ id: 'test-model', language_pairs: [['en', 'es']] }] });
    };
  });
  afterEach(async () => {
    await engine.close();
    await server.close();
  });

  it('is found by a call, once', async () => {
    expect((await translateAll(engine)).text).toBe('Hola.');
    expect((await translateAll(engine)).text).toBe('Hola.');
    expect(paths()).toEqual(['/chat/completions', '/v1/chat/completions', '/v1/chat/completions']);
  });

  it('is found when connections are opened, and knows its languages', async () => {
    await engine.warm(signal);
    expect(await engine.capabilities(signal)).toEqual({ languagePairs: [['en', 'es']] });
    await translateAll(engine);
    expect([...new Set(paths())]).toEqual(['/models', '/v1/models', '/v1/chat/completions']);
  });

  it.each([
    ['application/json', '{"error":"Unexpected endpoint or method. (POST /chat/completions)"}'],
    ['text/html; charset=utf-8', '<!doctype html><title>Chat</title>'],
  ])('is found where the server answers other addresses with 200 and %s', async (type, page) => {
    server.script = (exchange) => {
      if (exchange.url === '/v1/chat/completions') {
        sendTranslation(exchange, 'Hola.');
        return;
      }
      exchange.answer.writeHead(200, { 'content-type': type });
      exchange.answer.end(page);
    };
    await engine.warm(signal);
    for (const request of [{}, longFinal]) expect((await translateAll(engine, request)).text).toBe('Hola.');
    expect(paths().filter((path) => path === '/chat/completions')).toHaveLength(1);
  });

  it('streams from an address of which it is not known yet whether it is another one', async () => {
    server.script = (exchange) => sendTranslation(exchange, 'Hola a todos.');
    expect((await translateAll(engine, longFinal)).pieces.length).toBeGreaterThan(1);
    expect((await translateAll(engine)).text).toBe('Hola a todos.');
    expect(paths()).toEqual(['/chat/completions', '/chat/completions']);
  });

  it.each([301, 302, 307, 308])(
    'is named where the server leads there by %i, and is not followed',
    async (statusCode) => {
      const location = 'https://llm.example/v1/chat/completions?token=secret';
      server.script = ({ answer }) => sendJson(answer, statusCode, {}, { location });
      const error: unknown = await translateAll(engine).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(EngineRejectedError);
      expect(String(error)).toMatch(/status 30\d to https:\/\/llm\.example\/v1\/chat\/completions$/);
    },
  );

  it('is not taken for found where the model is what is not found', async () => {
    server.script = ({ answer }) => sendError(answer, 404, { code: 'model_not_found' });
    const error: unknown = await translateAll(engine).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineRejectedError);
    expect(String(error)).toContain('model_not_found');
    server.script = (exchange) => sendTranslation(exchange, 'Hola.');
    await translateAll(engine);
    expect(paths().at(-1)).toBe('/chat/completions');
  });
});
