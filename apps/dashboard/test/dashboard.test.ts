import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { ConfigError, loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { startDashboard, type RunningDashboard } from '../src/index.ts';
import { eventsKept, finishJobs } from './finished-jobs.ts';
import { startRedis, type RedisServer } from './redis-server.ts';

const partialQueue = '{parley-partial-0}';
const finalQueue = '{parley-final-0}';
const completedId = 'd3b0c7/12/pt-BR/1';
const failedId = 'd3b0c7/13/es/2';
const reason = 'engine-rejected: the endpoint answered 400';

interface BoardQueue {
  readonly name: string;
  readonly displayName: string;
  readonly readOnlyMode: boolean;
  readonly counts: Record<string, number>;
  readonly jobs: readonly { readonly id: string; readonly failedReason?: string }[];
}

const start = (environment: Record<string, string>): Promise<RunningDashboard> => {
  const config = loadConfig({ PORT: '0', LOG_LEVEL: 'silent', ...environment });
  return startDashboard(config, createLogger(config, 'dashboard'));
};

const queues = async (url: string, active: string, status = 'latest'): Promise<BoardQueue[]> => {
  const query = new URLSearchParams({ activeQueue: active, status, page: '1', jobsPerPage: '10' });
  const response = await fetch(`${url}api/queues?${query.toString()}`);
  expect(response.status).toBe(200);
  return ((await response.json()) as { queues: BoardQueue[] }).queues;
};

const statusWithHost = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}api/queues`, { headers: { host } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });

const eventually = async (condition: () => Promise<boolean>): Promise<void> => {
  const deadline = AbortSignal.timeout(10_000);
  while (!(await condition())) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

describe('the dashboard on this machine', () => {
  let redis: RedisServer;
  let dashboard: RunningDashboard;

  beforeAll(async () => {
    redis = await startRedis();
    await finishJobs(redis.url, [
      { queue: partialQueue, id: 'd3b0c7/12/es/40' },
      { queue: finalQueue, id: completedId },
      { queue: finalQueue, id: failedId, failure: reason },
    ]);
    dashboard = await start({ REDIS_URL: redis.url });
    await eventually(async () => (await fetch(`${dashboard.url}readyz`)).status === 200);
  });

  afterAll(async () => {
    await dashboard.close();
    await redis[Symbol.asyncDispose]();
  });

  it('I51: serves its metrics on a port of their own', async () => {
    expect(await (await fetch(dashboard.metricsUrl)).text()).toContain('process_cpu_seconds_total');
    expect(new URL(dashboard.metricsUrl).port).not.toBe(new URL(dashboard.url).port);
    expect((await fetch(`${dashboard.url}metrics`)).status).toBe(404);
  });

  it('lists both queues, read-only, with completed and failed jobs and the reason', async () => {
    const [partials, finals] = await queues(dashboard.url, finalQueue);
    expect(partials).toMatchObject({ name: partialQueue, displayName: 'partials', readOnlyMode: true });
    expect(partials?.counts).toMatchObject({ completed: 1, failed: 0 });
    expect(finals).toMatchObject({ name: finalQueue, displayName: 'finals', readOnlyMode: true });
    expect(finals?.counts).toMatchObject({ completed: 1, failed: 1 });
    expect(finals?.jobs.find(({ id }) => id === failedId)?.failedReason).toBe(reason);

    const failed = await queues(dashboard.url, finalQueue, 'failed');
    expect(failed[1]?.jobs.map(({ id }) => id)).toEqual([failedId]);
  });

  it('opens a job with slashes in its ID', async () => {
    const path = `${encodeURIComponent(finalQueue)}/${encodeURIComponent(failedId)}`;
    const response = await fetch(`${dashboard.url}api/queues/${path}`);
    const body = await response.text();
    expect(JSON.parse(body)).toMatchObject({ job: { id: failedId, failedReason: reason }, status: 'failed' });
    const page = await fetch(`${dashboard.url}queue/${path}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).toContain('<div id="root">');
  });

  it('does not change anything', async () => {
    const path = `${encodeURIComponent(finalQueue)}/${encodeURIComponent(failedId)}`;
    const retry = await fetch(`${dashboard.url}api/queues/${path}/retry`, { method: 'PUT' });
    expect(retry.status).toBe(403);
    const pause = await fetch(`${dashboard.url}api/queues/pause`, { method: 'PUT' });
    expect(pause.status).toBe(403);
    const [partials] = await queues(dashboard.url, partialQueue);
    expect(partials).toMatchObject({ isPaused: false });

    const client = new Redis(redis.url);
    for (const queue of [partialQueue, finalQueue]) {
      expect(await client.hget(`bull:${queue}:meta`, 'opts.maxLenEvents')).toBe(String(eventsKept));
    }
    client.disconnect();
  });

  it('tells in the overview what is missing, and links the board with it', async () => {
    const overview = (await (await fetch(`${dashboard.url}overview.json`)).json()) as Record<string, unknown>;
    expect(overview).toMatchObject({
      v: 1,
      verdict: 'down',
      redis: 'ok',
      findings: [
        { severity: 'down', where: 'edges', what: 'none reports: clients cannot connect' },
        { severity: 'down', where: 'workers', what: 'none reports: nothing is translated' },
      ],
      queues: [
        { queue: 'partial', nextJobAgeMs: 0 },
        { queue: 'final', jobs: { failed: 1, waiting: 0 } },
        { queue: 'long-final', nextJobAgeMs: 0 },
      ],
      sessions: { total: 0, listed: [] },
    });
    const page = await fetch(`${dashboard.url}overview`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(await page.text()).toContain('<h1 class="down">Down</h1>');
    const types = ['overview.js', 'overview.css'].map(async (path) =>
      (await fetch(`${dashboard.url}${path}`)).headers.get('content-type'),
    );
    expect(await Promise.all(types)).toEqual(['text/javascript; charset=utf-8', 'text/css; charset=utf-8']);
    expect(await (await fetch(dashboard.url)).text()).toContain('/overview');
  });

  it('has security headers on every response', async () => {
    const page = await (await fetch(dashboard.url)).text();
    const script = /src="(static\/js\/[^"]+)"/.exec(page.replaceAll('="/', '="'))?.[1] ?? 'no script';
    const answers: number[] = [];
    for (const path of ['', script, 'api/queues', 'queue/missing', 'static/missing', 'healthz', 'readyz', 'overview']) {
      const { status, headers } = await fetch(`${dashboard.url}${path}`);
      answers.push(status);
      expect([path, headers.get('x-content-type-options')]).toEqual([path, 'nosniff']);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'self';.*frame-ancestors 'none'/);
    }
    expect(answers).toEqual([200, 200, 200, 200, 404, 200, 200, 200]);
  });

  it('refuses a Host that does not name this machine, as after DNS rebinding', async () => {
    const port = new URL(dashboard.url).port;
    expect(await statusWithHost(dashboard.url, `localhost:${port}`)).toBe(200);
    expect(await statusWithHost(dashboard.url, `[::1]:${port}`)).toBe(200);
    expect(await statusWithHost(dashboard.url, `attacker.example:${port}`)).toBe(403);
    expect(await statusWithHost(dashboard.url, `localhost.attacker.example`)).toBe(403);
  });
});

describe('the login', () => {
  const key = 'key-of-the-dashboard';
  const tenantKey = 'key-of-a-tenant-0123';

  /** A dashboard with a key; `statusOf` presents a password, if any. */
  async function startLocked(redis: RedisServer, variables: Record<string, string> = {}) {
    const lines: string[] = [];
    const environment = { DASHBOARD_KEY: key, API_KEYS: `one:${tenantKey}`, ...variables };
    const config = loadConfig({ PORT: '0', REDIS_URL: redis.url, ...environment });
    const logger = createLogger(config, 'dashboard', { write: (line) => void lines.push(line) });
    const dashboard = await startDashboard(config, logger);
    const statusOf = async (path: string, password?: string, client?: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`anybody:${password ?? ''}`).toString('base64')}`;
      const headers = {
        ...(password === undefined ? {} : { authorization }),
        ...(client === undefined ? {} : { 'x-forwarded-for': client }),
      };
      const response = await fetch(`${dashboard.url}${path}`, { headers });
      await response.arrayBuffer();
      return response.status;
    };
    await eventually(async () => (await statusOf('readyz')) === 200);
    return { url: dashboard.url, lines, statusOf, [Symbol.asyncDispose]: () => dashboard.close() };
  }

  it('requires the key of the dashboard, and accepts none of a tenant', async () => {
    await using redis = await startRedis();
    await using dashboard = await startLocked(redis);
    const { statusOf } = dashboard;
    expect(await statusOf('healthz')).toBe(200);
    for (const path of ['', 'api/queues', 'static/js/missing.js']) {
      expect(await statusOf(path)).toBe(401);
      expect(await statusOf(path, `${key}x`)).toBe(401);
      expect(await statusOf(path, tenantKey)).toBe(401);
    }
    const challenge = await fetch(dashboard.url);
    expect(challenge.headers.get('www-authenticate')).toContain('Basic realm="Parley"');
    expect(await statusOf('', key)).toBe(200);
    expect(await statusOf('api/queues', key)).toBe(200);
  });

  it('counts wrong keys by the address that a trusted proxy tells', async () => {
    await using redis = await startRedis();
    await using dashboard = await startLocked(redis, { TRUSTED_PROXIES: 'loopback' });
    const { statusOf } = dashboard;
    for (let time = 0; time < 10; time += 1) await statusOf('', 'wrong-key', '192.0.2.1');
    expect(await statusOf('', key, '192.0.2.1')).toBe(429);
    expect(await statusOf('', key, '192.0.2.2')).toBe(200);
  });

  it('ignores the address that anybody else tells', async () => {
    await using redis = await startRedis();
    await using dashboard = await startLocked(redis);
    const { statusOf } = dashboard;
    for (let time = 0; time < 10; time += 1) await statusOf('', 'wrong-key', `192.0.2.${time}`);
    expect(await statusOf('', key, '192.0.2.100')).toBe(429);
  });

  it('looks at no more logins of an address after ten wrong keys in a minute', async () => {
    await using redis = await startRedis();
    await using dashboard = await startLocked(redis);
    const { statusOf } = dashboard;
    const wrong: number[] = [];
    for (let time = 0; time < 11; time += 1) wrong.push(await statusOf('', `wrong-key-${time}`));
    expect(wrong).toEqual([...Array<number>(10).fill(401), 429]);
    expect(await statusOf('', key)).toBe(429);
    expect(await statusOf('')).toBe(401);
    expect(await statusOf('readyz')).toBe(200);
    const refused = dashboard.lines.filter((line) => line.includes('dashboard login refused'));
    expect(refused.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { level: 'info', address: '127.0.0.1', failures: 1 },
      { level: 'info', address: '127.0.0.1', failures: 10 },
    ]);
    expect(dashboard.lines.join('')).not.toContain('wrong-key');
  });

  it('must have a key of its own if clients need keys', async () => {
    await expect(start({ API_KEYS: `one:${tenantKey}` })).rejects.toThrow(
      /DASHBOARD_KEY=: must be set while API_KEYS is/,
    );
    const shared = { API_KEYS: `one:${tenantKey}`, DASHBOARD_KEY: tenantKey };
    await expect(start(shared)).rejects.toThrow(/DASHBOARD_KEY=\(hidden\): must be a key of its own/);
    await expect(start({ API_KEYS: `one:${tenantKey}`, KEYLESS: 'loopback' })).rejects.toThrow(ConfigError);
  });

  it('refuses to open to other machines without a key, unless KEYLESS=loopback is set', async () => {
    await expect(start({ HOST: '0.0.0.0' })).rejects.toThrow(ConfigError);
    await using redis = await startRedis();
    const published = await start({ HOST: '0.0.0.0', KEYLESS: 'loopback', REDIS_URL: redis.url });
    await published.close();
  });
});

describe('while Redis is unavailable', () => {
  it('starts, reports it immediately, and recovers', async () => {
    const first = await startRedis();
    await first[Symbol.asyncDispose]();
    const dashboard = await start({ REDIS_URL: first.url });
    const statusOf = async (path: string): Promise<number> => (await fetch(`${dashboard.url}${path}`)).status;
    expect(await statusOf('healthz')).toBe(200);
    expect(await statusOf('readyz')).toBe(503);
    const refused = await fetch(`${dashboard.url}api/queues`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({ error: expect.stringMatching(/^CLOSED: /) });
    const overview = await fetch(`${dashboard.url}overview.json`);
    expect(overview.status).toBe(200);
    expect(await overview.json()).toMatchObject({
      verdict: 'down',
      findings: [{ severity: 'down', where: 'Redis', what: expect.stringMatching(/^CLOSED: /) }],
      edges: [],
    });
    for (let outage = 0; outage < 2; outage += 1) {
      await using back = await startRedis(first.port);
      expect(back.port).toBe(first.port);
      await eventually(async () => (await statusOf('readyz')) === 200);
      expect(await statusOf('api/queues')).toBe(200);
    }
    await eventually(async () => (await statusOf('readyz')) === 503);
    expect(await statusOf('api/queues')).toBe(503);
    await dashboard.close();
    await expect(statusOf('healthz')).rejects.toThrow();
  });

  it('closes without ever having connected', async () => {
    const gone = await startRedis();
    await gone[Symbol.asyncDispose]();
    const dashboard = await start({ REDIS_URL: gone.url });
    await Promise.all([dashboard.close(), dashboard.close()]);
  });
});
