import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startProcess, startRedis, type TestProcess } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

interface Readiness {
  readonly code: number;
  readonly status: string;
  readonly checks: { readonly engine?: string };
}

async function readiness(worker: TestProcess): Promise<Readiness> {
  const response = await fetch(new URL('/readyz', worker.url));
  return { code: response.status, ...((await response.json()) as Omit<Readiness, 'code'>) };
}

async function untilEngine(worker: TestProcess, condition: RegExp): Promise<Readiness> {
  for (;;) {
    const now = await readiness(worker);
    if (condition.test(now.checks.engine ?? '')) return now;
    await delay(100);
  }
}

const down = 'engine endpoint unusable';
const up = 'engine endpoint recovered';

function told(worker: TestProcess, message: string): number {
  return worker.output().split(message).length - 1;
}

/** An endpoint with a list of models and an optional request handler. */
async function serve(listener: RequestListener): Promise<{ baseUrl: string } & AsyncDisposable> {
  const server = createServer(listener);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let redis: Awaited<ReturnType<typeof startRedis>>;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

function startWorker(env: Readonly<Record<string, string>>): Promise<TestProcess> {
  return startProcess({ name: 'worker', env: { REDIS_URL: redis.url, WORKER_THREADS: '2', ...env } });
}

describe('/readyz of a worker', () => {
  it('reports an engine outage as degraded, and logs it once', async () => {
    const startEngine = (port: string) =>
      startProcess({ name: 'engine', env: { ENGINE_TRANSLATIONS: 'marked', PORT: port } });
    const first = await startEngine('0');
    await using worker = await startWorker({ OPENAI_BASE_URL: new URL('/v1', first.url).href });
    expect(await readiness(worker)).toMatchObject({ code: 200, status: 'ready', checks: { engine: 'ok' } });
    first.child.kill();
    await first.child.exited;
    expect(await untilEngine(worker, /ECONNREFUSED/)).toMatchObject({ code: 200, status: 'degraded' });
    // Two threads check every five seconds.
    await delay(6000);
    expect(told(worker, down)).toBe(1);
    await using second = await startEngine(new URL(first.url).port);
    expect(second.url).toBe(first.url);
    expect(await untilEngine(worker, /^ok$/)).toMatchObject({ code: 200, status: 'ready' });
    while (told(worker, up) === 0) await delay(100);
    expect([told(worker, down), told(worker, up)]).toEqual([1, 1]);
  });

  it('reports a rejected API key from the start', async () => {
    await using engine = await serve((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end('{"error":{"code":"invalid_api_key"}}');
    });
    await using worker = await startWorker({ OPENAI_BASE_URL: engine.baseUrl, OPENAI_API_KEY: 'wrong' });
    const { code, status, checks } = await readiness(worker);
    expect({ code, status }).toEqual({ code: 200, status: 'degraded' });
    expect(checks.engine).toMatch(/401 invalid_api_key/);
    expect(worker.output()).not.toContain('"wrong"');
  });

  it('reports an unknown model after the first call, and failures by the open circuit', async () => {
    const answer = { code: 404, body: '{"error":{"code":"model_not_found"}}' };
    await using engine = await serve((request, response) => {
      const isCall = request.method === 'POST';
      request.resume();
      response.writeHead(isCall ? answer.code : 200, { 'content-type': 'application/json' });
      response.end(isCall ? answer.body : '{"object":"list","data":[]}');
    });
    const pipeline = { REDIS_URL: redis.url, OPENAI_BASE_URL: engine.baseUrl, WORKER_THREADS: '1', CACHE: 'off' };
    await using worker = await startProcess({ name: 'worker', env: pipeline });
    await using edge = await startProcess({ name: 'edge', env: pipeline });
    await using speaker = await startSpeaker(new URL('/v1/stream', edge.url.replace('http', 'ws')).href, {
      sourceLanguage: 'en',
      targetLanguages: ['es'],
    });
    expect((await readiness(worker)).checks.engine).toBe('ok');
    await speaker.session.sendFinal({ segmentId: 1, text: 'good morning everyone' });
    expect((await untilEngine(worker, /404 model_not_found/)).status).toBe('degraded');
    Object.assign(answer, { code: 500, body: '{}' });
    await Promise.all([2, 3].map((id) => speaker.session.sendFinal({ segmentId: id, text: `sentence ${id}` })));
    expect((await untilEngine(worker, /circuit open: .*500/)).code).toBe(200);
  });
});
