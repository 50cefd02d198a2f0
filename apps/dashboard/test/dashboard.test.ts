import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { ConfigError, loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { startDashboard, type RunningDashboard } from '../src/index.ts';
import { eventsKept, finishJobs } from './finished-jobs.ts';
import { startRedis, type RedisServer } from './redis-server.ts';

const partialLane = '{parley-partial-0}';
const finalLane = '{parley-final-0}';
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
      { lane: partialLane, id: 'd3b0c7/12/es/40' },
      { lane: finalLane, id: completedId },
      { lane: finalLane, id: failedId, failure: reason },
    ]);
    dashboard = await start({ REDIS_URL: redis.url });
    await eventually(async () => (await fetch(`${dashboard.url}readyz`)).status === 200);
  });

  afterAll(async () => {
    await dashboard.close();
    await redis[Symbol.asyncDispose]();
  });

  it('lists both queues, read-only, with what was completed and what failed and why', async () => {
    const [partials, finals] = await queues(dashboard.url, finalLane);
    expect(partials).toMatchObject({ name: partialLane, displayName: 'partials', readOnlyMode: true });
    expect(partials?.counts).toMatchObject({ completed: 1, failed: 0 });
    expect(finals).toMatchObject({ name: finalLane, displayName: 'finals', readOnlyMode: true });
    expect(finals?.counts).toMatchObject({ completed: 1, failed: 1 });
    expect(finals?.jobs.find(({ id }) => id === failedId)?.failedReason).toBe(reason);

    const failed = await queues(dashboard.url, finalLane, 'failed');
    expect(failed[1]?.jobs.map(({ id }) => id)).toEqual([failedId]);
  });

  it('opens a job whose id has slashes', async () => {
    const path = `${encodeURIComponent(finalLane)}/${encodeURIComponent(failedId)}`;
    const answer = await fetch(`${dashboard.url}api/queues/${path}`);
    const body = await answer.text();
    expect(JSON.parse(body)).toMatchObject({ job: { id: failedId, failedReason: reason }, status: 'failed' });
    const page = await fetch(`${dashboard.url}queue/${path}`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(await page.text()).toContain('<div id="root">');
  });

  it('changes nothing', async () => {
    const path = `${encodeURIComponent(finalLane)}/${encodeURIComponent(failedId)}`;
    const retry = await fetch(`${dashboard.url}api/queues/${path}/retry`, { method: 'PUT' });
    expect(retry.status).toBe(405);
    const pause = await fetch(`${dashboard.url}api/queues/pause`, { method: 'PUT' });
    expect(pause.status).toBe(200);
    const [partials] = await queues(dashboard.url, partialLane);
    expect(partials).toMatchObject({ isPaused: false });

    const client = new Redis(redis.url);
    for (const lane of [partialLane, finalLane]) {
      expect(await client.hget(`bull:${lane}:meta`, 'opts.maxLenEvents')).toBe(String(eventsKept));
    }
    client.disconnect();
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
  it('asks for an API key once there are any', async () => {
    await using redis = await startRedis();
    const [first, second] = ['first-key-0123456789', 'second-key-0123456789'] as const;
    const dashboard = await start({ REDIS_URL: redis.url, API_KEYS: `one:${first},two:${second}` });
    const statusOf = async (path: string, password?: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`anybody:${password ?? ''}`).toString('base64')}`;
      return (await fetch(`${dashboard.url}${path}`, password === undefined ? {} : { headers: { authorization } }))
        .status;
    };
    await eventually(async () => (await statusOf('readyz')) === 200);
    expect(await statusOf('healthz')).toBe(200);
    for (const path of ['', 'api/queues', 'static/js/missing.js']) {
      expect(await statusOf(path)).toBe(401);
      expect(await statusOf(path, `${first}x`)).toBe(401);
    }
    const challenge = await fetch(dashboard.url);
    expect(challenge.headers.get('www-authenticate')).toContain('Basic realm="Parley"');
    expect(await statusOf('', first)).toBe(200);
    expect(await statusOf('api/queues', second)).toBe(200);
    await dashboard.close();
  });

  it('does not open to other machines without a key, unless told that only this one can connect', async () => {
    await expect(start({ HOST: '0.0.0.0' })).rejects.toThrow(ConfigError);
    await using redis = await startRedis();
    const published = await start({ HOST: '0.0.0.0', KEYLESS: 'loopback', REDIS_URL: redis.url });
    await published.close();
  });
});

describe('while Redis is away', () => {
  it('starts, says so at once, and recovers', async () => {
    const first = await startRedis();
    await first[Symbol.asyncDispose]();
    const dashboard = await start({ REDIS_URL: first.url });
    const statusOf = async (path: string): Promise<number> => (await fetch(`${dashboard.url}${path}`)).status;
    expect(await statusOf('healthz')).toBe(200);
    expect(await statusOf('readyz')).toBe(503);
    const refused = await fetch(`${dashboard.url}api/queues`);
    expect(refused.status).toBe(503);
    expect(await refused.json()).toEqual({ error: 'Redis cannot be reached at the moment.' });
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

  it('closes without ever having reached it', async () => {
    const gone = await startRedis();
    await gone[Symbol.asyncDispose]();
    const dashboard = await start({ REDIS_URL: gone.url });
    await Promise.all([dashboard.close(), dashboard.close()]);
  });
});
