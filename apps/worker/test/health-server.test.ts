import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger, readinessReport } from '@parley/telemetry';
import { loadConfig } from '@parley/config';
import { startHealthServer } from '../src/health-server.ts';

const logger = createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker');
let redis: string;
let metrics: () => Promise<string>;
let server: Awaited<ReturnType<typeof startHealthServer>>;

beforeEach(async () => {
  redis = 'ok';
  metrics = () => Promise.resolve('parley_worker_calls_total 1\n');
  server = await startHealthServer({
    host: '127.0.0.1',
    port: 0,
    readiness: () => Promise.resolve(readinessReport({ redis })),
    metrics: () => metrics(),
    logger,
  });
});
afterEach(() => server.close());

const get = (path: string, method = 'GET') => fetch(new URL(path, server.url), { method });

it('says that the worker lives, whatever Redis does', async () => {
  redis = 'away';
  const response = await get('/healthz');
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

it('says whether the worker is ready, and lets nobody keep the answer', async () => {
  const ready = await get('/readyz?verbose');
  expect([ready.status, ready.headers.get('cache-control')]).toEqual([200, 'no-store']);
  redis = 'away';
  const lacking = await get('/readyz');
  expect([lacking.status, await lacking.json()]).toEqual([503, { status: 'unavailable', checks: { redis: 'away' } }]);
});

it('gives the metrics in the text format of Prometheus', async () => {
  const response = await get('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toBe('parley_worker_calls_total 1\n');
});

it('answers an error without what it says, and stays', async () => {
  metrics = () => Promise.reject(new Error('private'));
  const failed = await get('/metrics');
  expect(failed.status).toBe(500);
  expect(await failed.text()).not.toContain('private');
  expect((await get('/healthz', 'HEAD')).status).toBe(200);
});

it.each([
  ['/', 'GET'],
  ['/constructor', 'GET'],
  ['/metrics', 'POST'],
])('has nothing at %s for %s', async (path, method) => {
  expect((await get(path, method)).status).toBe(404);
});

it('rejects where the port is taken, as the process names it', async () => {
  const port = Number(new URL(server.url).port);
  const second = startHealthServer({
    host: '127.0.0.1',
    port,
    readiness: () => Promise.resolve(readinessReport({})),
    metrics: () => metrics(),
    logger,
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
});
