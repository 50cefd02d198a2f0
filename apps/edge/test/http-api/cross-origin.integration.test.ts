import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { startEdge } from '../../src/start-edge.ts';
import { call, edgesForFile } from './edges-for-file.ts';
import { EventClient } from './event-client.ts';
import { StreamClient } from './stream-client.ts';

const key = 'a-key-of-this-test-alone';
const { urls, redisUrl } = await edgesForFile({ API_KEYS: `clinic:${key}` });
const origin = 'https://church.example';

async function preflight(url: string): Promise<Record<string, string>> {
  const headers = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization',
  };
  return Object.fromEntries((await fetch(url, { method: 'OPTIONS', headers })).headers);
}

describe('pages of other origins', () => {
  it('may use the API with a key', async () => {
    expect(await preflight(`${urls[0]}/v1/tokens`)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'Authorization, Content-Type, Last-Event-ID',
      'access-control-allow-methods': 'GET, POST, DELETE',
    });
    for (const apiKey of [key, undefined]) {
      const { headers } = await call(`${urls[0]}/v1/languages`, { key: apiKey, headers: { origin } });
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBeNull();
    }
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const { joinCode } = await host.start();
    await using events = await EventClient.open(`${urls[1]}/v1/listen/${joinCode}/events?lang=es`, { origin });
    expect(events.response.headers.get('access-control-allow-origin')).toBe(origin);
  });

  it('may not use an edge without keys, whose own page may', async () => {
    const logger = createLogger({ LOG_LEVEL: 'silent' }, 'edge');
    const edge = await startEdge(loadConfig({ REDIS_URL: redisUrl, PORT: '0' }), logger);
    await using opened = new AsyncDisposableStack();
    opened.defer(() => edge.close());
    const token = { method: 'POST', body: { scope: 'listen', expiresInSeconds: 60 } };
    expect(await preflight(`${edge.url}/v1/tokens`)).not.toHaveProperty('access-control-allow-origin');
    const refused = await call(`${edge.url}/v1/tokens`, { ...token, headers: { origin } });
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    const proxied = await call(`${edge.url}/v1/languages`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(proxied).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });

    const made = await call(`${edge.url}/v1/tokens`, { ...token, headers: { origin: edge.url } });
    expect(made.status).toBe(201);
    await using listener = await StreamClient.open(edge.url, `bearer.${(made.body as { token: string }).token}`);
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'] };
    expect(await listener.ask(start)).toMatchObject({ code: 'listen-only' });
  });
});
