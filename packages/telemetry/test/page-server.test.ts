import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger, healthPages, readinessReport, startPageServer, type PageServer } from '../src/index.ts';

const logger = createLogger({ LOG_LEVEL: 'silent' }, 'worker');
let redis: string;
let fails: boolean;
let server: PageServer;

beforeEach(async () => {
  redis = 'ok';
  fails = false;
  const pages = healthPages(() => {
    if (fails) throw new Error('private');
    return Promise.resolve(readinessReport({ redis }));
  });
  server = await startPageServer({ host: '127.0.0.1', port: 0, pages, logger });
});
afterEach(() => server.close());

const get = (path: string, method = 'GET') => fetch(new URL(path, server.url), { method });

it('says that the process lives, whatever Redis does', async () => {
  redis = 'away';
  const response = await get('/healthz');
  expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
});

it('says whether the process is ready, and lets nobody keep the answer', async () => {
  const ready = await get('/readyz?verbose');
  expect([ready.status, ready.headers.get('cache-control')]).toEqual([200, 'no-store']);
  redis = 'away';
  const lacking = await get('/readyz');
  expect([lacking.status, await lacking.json()]).toEqual([503, { status: 'unavailable', checks: { redis: 'away' } }]);
});

it('answers an error without what it says, and stays', async () => {
  fails = true;
  const failed = await get('/readyz');
  expect(failed.status).toBe(500);
  expect(await failed.text()).not.toContain('private');
  expect((await get('/healthz', 'HEAD')).status).toBe(200);
});

it.each([
  ['/', 'GET'],
  ['/constructor', 'GET'],
  ['/healthz', 'POST'],
])('has nothing at %s for %s', async (path, method) => {
  expect((await get(path, method)).status).toBe(404);
});

it('rejects where the port is taken, as the process names it', async () => {
  const port = Number(new URL(server.url).port);
  const second = startPageServer({ host: '127.0.0.1', port, pages: {}, logger });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE', syscall: 'listen' });
});
