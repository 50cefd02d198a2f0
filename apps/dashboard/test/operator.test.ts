import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { ConfigError, loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { startDashboard, type RunningDashboard } from '../src/index.ts';
import { isOperatorAction } from '../src/operator-actions.ts';
import { finishJobs } from './finished-jobs.ts';
import { startRedis, type RedisServer } from './redis-server.ts';

const finalQueue = '{parley-final-0}';
const keys = { reader: 'key-of-the-dashboard', operator: 'key-of-an-operator-1', tenant: 'key-of-a-tenant-0123' };
const environment = { DASHBOARD_KEY: keys.reader, DASHBOARD_OPERATOR_KEY: keys.operator };

const start = (redisUrl: string, variables: Record<string, string>): Promise<RunningDashboard> => {
  const config = loadConfig({ PORT: '0', METRICS_PORT: '0', LOG_LEVEL: 'silent', REDIS_URL: redisUrl, ...variables });
  return startDashboard(config, createLogger(config, 'dashboard'));
};

const untilReady = async ({ url }: RunningDashboard): Promise<void> => {
  const deadline = AbortSignal.timeout(10_000);
  while ((await fetch(`${url}readyz`)).status !== 200) {
    deadline.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/** Every request by which Bull Board changes something, with a job and a queue that exist. */
const queuePath = `api/queues/${encodeURIComponent(finalQueue)}`;
const jobPath = `${queuePath}/${encodeURIComponent('one/1/es/1')}`;
const mayDo: readonly [string, string][] = [
  ['PUT', `${queuePath}/retry/failed`],
  ['PUT', `${queuePath}/clean/failed`],
  ['PUT', `${queuePath}/clean/completed`],
  ['PUT', `${jobPath}/retry`],
  ['PUT', `${jobPath}/clean`],
];
const mayNotDo: readonly [string, string][] = [
  ['PUT', 'api/queues/pause'],
  ['PUT', 'api/queues/resume'],
  ['POST', `${queuePath}/add`],
  ['PUT', `${queuePath}/retry/completed`],
  ['PUT', `${queuePath}/promote`],
  ['PUT', `${queuePath}/clean/wait`],
  ['PUT', `${queuePath}/clean/delayed`],
  ['PUT', `${queuePath}/pause`],
  ['PUT', `${queuePath}/resume`],
  ['PUT', `${queuePath}/concurrency`],
  ['PUT', `${queuePath}/rate-limit`],
  ['PUT', `${queuePath}/rate-limit/release`],
  ['PUT', `${queuePath}/empty`],
  ['PUT', `${queuePath}/obliterate`],
  ['PUT', `${queuePath}/job-schedulers/one/remove`],
  ['PATCH', `${queuePath}/job-schedulers/one`],
  ['PUT', `${queuePath}/job-schedulers/one/run`],
  ['PUT', `${jobPath}/promote`],
  ['PATCH', `${jobPath}/update-data`],
  ['PATCH', `${jobPath}/delay`],
  ['PATCH', `${jobPath}/priority`],
  ['PUT', `${jobPath}/remove-unprocessed-children`],
];
/** For the router, a path ends at `#`. */
const endsEarly: readonly string[] = [
  `${queuePath}/obliterate#/retry`,
  `${queuePath}/pause#/clean`,
  `${queuePath}/clean/wait#/retry`,
];

describe('what an operator may do', () => {
  it('is to retry failed jobs and to remove jobs', () => {
    for (const [method, path] of mayDo) expect([path, isOperatorAction(method, `/${path}`)]).toEqual([path, true]);
    for (const [method, path] of mayNotDo) expect([path, isOperatorAction(method, `/${path}`)]).toEqual([path, false]);
    for (const [, path] of mayDo) expect([path, isOperatorAction('POST', `/${path}`)]).toEqual([path, false]);
    for (const path of endsEarly) expect([path, isOperatorAction('PUT', `/${path}`)]).toEqual([path, false]);
  });
});

describe('the roles of the dashboard', () => {
  let redis: RedisServer;
  let dashboard: RunningDashboard;
  let queue: Queue;
  let connection: Redis;

  beforeAll(async () => {
    redis = await startRedis();
    connection = new Redis(redis.url, { maxRetriesPerRequest: null });
    queue = new Queue(finalQueue, { connection });
    dashboard = await start(redis.url, environment);
    await untilReady(dashboard);
  });

  afterAll(async () => {
    await dashboard.close();
    await queue.close();
    connection.disconnect();
    await redis[Symbol.asyncDispose]();
  });

  const ask = async (method: string, path: string, password: string): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`;
    const response = await fetch(`${dashboard.url}${path}`, { method, headers: { authorization } });
    await response.arrayBuffer();
    return response.status;
  };

  /** Unlike `fetch`, sends what follows a `#`, too. */
  const putAsWritten = async (path: string): Promise<number | undefined> => {
    const { hostname, port } = new URL(dashboard.url);
    const auth = `anybody:${keys.operator}`;
    const sent = request({ hostname, port, method: 'PUT', path: `/${path}`, auth, agent: false }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  };

  it('I53: let nobody change a job on the board to read, whichever key they have', async () => {
    await queue.obliterate({ force: true });
    await finishJobs(redis.url, [{ queue: finalQueue, id: 'one/1/es/1', failure: 'why not' }]);
    for (const key of [keys.reader, keys.operator]) {
      for (const [method, path] of [...mayDo, ...mayNotDo]) {
        expect([path, await ask(method, path, key)]).toEqual([path, 403]);
      }
    }
    expect(await queue.getJobState('one/1/es/1')).toBe('failed');
    expect(await queue.isPaused()).toBe(false);
  });

  it('I53: let operators retry and clean, and nothing else', async () => {
    await queue.obliterate({ force: true });
    await finishJobs(redis.url, [
      { queue: finalQueue, id: 'one/1/es/1', failure: 'why not' },
      { queue: finalQueue, id: 'one/2/es/2', failure: 'why not' },
      { queue: finalQueue, id: 'one/3/es/3' },
    ]);
    // The board leaves those that have ended within the last five seconds.
    await connection.zadd(queue.toKey('completed'), Date.now() - 10_000, 'one/3/es/3');
    for (const [method, path] of mayNotDo) {
      expect([path, await ask(method, `operator/${path}`, keys.operator)]).toEqual([path, 403]);
    }
    expect(await queue.getJobCounts('failed', 'completed', 'waiting')).toEqual({
      failed: 2,
      completed: 1,
      waiting: 0,
    });
    expect(await queue.isPaused()).toBe(false);
    expect(await ask('PUT', `operator/${jobPath}/retry`, keys.operator)).toBe(204);
    expect(await queue.getJobState('one/1/es/1')).toBe('waiting');
    expect(await ask('PUT', `operator/${queuePath}/retry/failed`, keys.operator)).toBe(200);
    expect(await queue.getJobState('one/2/es/2')).toBe('waiting');
    expect(await ask('PUT', `operator/${jobPath}/clean`, keys.operator)).toBe(204);
    expect(await queue.getJobState('one/1/es/1')).toBe('unknown');
    expect(await ask('PUT', `operator/${queuePath}/clean/completed`, keys.operator)).toBe(200);
    expect(await queue.getJobState('one/3/es/3')).toBe('unknown');
  });

  it('I53: let operators do nothing else by a path that only seems to be allowed', async () => {
    await queue.obliterate({ force: true });
    await finishJobs(redis.url, [{ queue: finalQueue, id: 'one/1/es/1', failure: 'why not' }]);
    for (const path of endsEarly) expect([path, await putAsWritten(`operator/${path}`)]).toEqual([path, 403]);
    expect(await queue.getJobState('one/1/es/1')).toBe('failed');
    expect(await queue.isPaused()).toBe(false);
  });

  it('I53: refuse every other key', async () => {
    const wrong = [keys.reader, 'no-key-that-is-known'];
    for (const key of wrong) expect(await ask('GET', 'operator/', key)).toBe(401);
    for (const key of wrong) expect(await ask('PUT', `operator/${queuePath}/retry/failed`, key)).toBe(401);
    const challenge = await fetch(`${dashboard.url}operator/`);
    expect(challenge.status).toBe(401);
    expect(challenge.headers.get('www-authenticate')).toContain('Basic realm="Parley operator"');
    for (const path of ['overview', 'overview.json', 'overview.js', 'overview.css']) {
      expect([path, (await fetch(`${dashboard.url}${path}`)).status]).toEqual([path, 401]);
      expect([path, await ask('GET', path, keys.reader)]).toEqual([path, 200]);
    }
  });

  it('let operators read everything, with the pages of both boards', async () => {
    for (const path of [
      '',
      'api/queues',
      'overview',
      'overview.json',
      'operator/',
      'operator',
      'operator/api/queues',
    ]) {
      expect([path, await ask('GET', path, keys.operator)]).toEqual([path, 200]);
    }
  });
});

describe('the operators’ key', () => {
  it('must differ from the others', async () => {
    const tenants = { API_KEYS: `one:${keys.tenant}`, DASHBOARD_KEY: keys.reader };
    const unused = 'redis://127.0.0.1:1';
    await expect(start(unused, { ...environment, DASHBOARD_OPERATOR_KEY: keys.reader })).rejects.toThrow(
      /DASHBOARD_OPERATOR_KEY=\(hidden\): must be a key of its own: this one is DASHBOARD_KEY/,
    );
    await expect(start(unused, { ...tenants, DASHBOARD_OPERATOR_KEY: keys.tenant })).rejects.toThrow(ConfigError);
    // It does not replace the key to read.
    await expect(start(unused, { API_KEYS: tenants.API_KEYS, DASHBOARD_OPERATOR_KEY: keys.operator })).rejects.toThrow(
      /DASHBOARD_KEY=: must be set/,
    );
  });

  it('is needed also where clients on this machine need none to read', async () => {
    await using redis = await startRedis();
    const dashboard = await start(redis.url, { DASHBOARD_OPERATOR_KEY: keys.operator });
    try {
      await untilReady(dashboard);
      expect((await fetch(`${dashboard.url}overview`)).status).toBe(200);
      expect((await fetch(`${dashboard.url}operator/`)).status).toBe(401);
    } finally {
      await dashboard.close();
    }
    const without = await start(redis.url, {});
    try {
      await untilReady(without);
      expect((await fetch(`${without.url}operator/`)).status).toBe(404);
    } finally {
      await without.close();
    }
  });
});
