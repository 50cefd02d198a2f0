import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  ProcessStatusStore,
  StatusReporter,
  thisProcess,
  type EdgeStatus,
  type ProcessStatus,
} from '../src/process-status/index.ts';
import { redisForFile } from './redis-for-file.ts';

const { redis, server } = await redisForFile();
const store = new ProcessStatusStore(redis);
const processesKey = '{process-status}:processes';

const edge: EdgeStatus = {
  ...thisProcess(),
  kind: 'edge',
  sockets: 2,
  sessions: 1,
  speakers: 1,
  latency: { partial: { count: 3, p50Ms: 120, p95Ms: 300 }, final: { count: 0 } },
  refusals: 0,
  degraded: [],
  listed: [{ sessionId: 'one', degraded: [] }],
};

beforeEach(async () => {
  await redis.flushall();
});

describe('the statuses of processes', () => {
  it('are listed with their age, the newest first, until they are removed', async () => {
    expect(await store.list()).toEqual([]);
    await store.record('a', edge);
    await store.record('b', { ...edge, sockets: 3 });
    await store.record('a', { ...edge, sockets: 4 });
    const [score = ''] = await redis.zmscore(processesKey, 'b');
    await redis.zadd(processesKey, Number(score) - 20_000, 'b');
    const listed = await store.list();
    expect(listed.map(({ process, status }) => [process, status])).toEqual([
      ['a', { ...edge, sockets: 4 }],
      ['b', { ...edge, sockets: 3 }],
    ]);
    expect(listed[1]?.ageMs).toBeGreaterThanOrEqual(20_000);
    expect(listed[0]?.ageMs).toBeLessThan(20_000);
    await store.remove('a');
    expect((await store.list()).map(({ process }) => process)).toEqual(['b']);
    await store.remove('b');
    expect(await redis.keys('*')).toEqual([]);
  });

  it('expire five minutes after a process has ended without a word', async () => {
    await store.record('a', edge);
    await store.record('b', edge);
    for (const key of await redis.keys('*')) {
      const ttlMs = await redis.pttl(key);
      expect([key, ttlMs > 290_000 && ttlMs <= 300_000]).toEqual([key, true]);
    }
    const [score = ''] = await redis.zmscore(processesKey, 'a');
    await redis.zadd(processesKey, Number(score) - 300_001, 'a');
    await store.record('b', edge);
    expect((await store.list()).map(({ process }) => process)).toEqual(['b']);
  });

  it('forget a time of a clock that was set back', async () => {
    await redis.zadd(processesKey, Date.now() + 3_600_000, 'a');
    await store.record('b', edge);
    expect((await store.list()).map(({ process }) => process)).toEqual(['b']);
  });

  it('are listed as unreadable if another version wrote them', async () => {
    await store.record('a', edge);
    for (const json of [JSON.stringify({ ...edge, v: 2 }), '{', '']) {
      await redis.set('{process-status}:of:a', json);
      expect(await store.list()).toMatchObject([{ process: 'a', status: undefined }]);
    }
  });

  it('I18: are bounded: an oversized one is not read', async () => {
    const listed = Array.from({ length: 201 }, () => ({ sessionId: randomUUID(), degraded: [] }));
    await store.record('a', { ...edge, listed });
    expect(await store.list()).toMatchObject([{ process: 'a', status: undefined }]);
    await store.record('a', { ...edge, listed: listed.slice(1) });
    expect(await store.list()).toMatchObject([{ status: { kind: 'edge' } }]);
    await store.record('a', { ...edge, host: 'h'.repeat(300) });
    expect(await store.list()).toMatchObject([{ status: { host: 'h'.repeat(200) } }]);
  });
});

describe('the reporter of a process', () => {
  it('costs one call each time, and removes the process at the end, also during a report', async () => {
    const errors: unknown[] = [];
    const reading = Promise.withResolvers<ProcessStatus>();
    let reads = 0;
    const calls = async (): Promise<number> => {
      const stats = await redis.info('commandstats');
      return Number(/^cmdstat_evalsha:calls=(\d+)/m.exec(stats)?.[1] ?? 0);
    };
    const before = await calls();
    const first = new StatusReporter({
      store,
      process: 'a',
      read: () => Promise.resolve(edge),
      isRedisReady: () => true,
      onError: (error) => void errors.push(error),
    });
    for (;;) if ((await redis.exists('{process-status}:of:a')) === 1) break;
    expect((await calls()) - before).toBe(1);
    await first[Symbol.asyncDispose]();
    expect(await redis.keys('*')).toEqual([]);

    const second = new StatusReporter({
      store,
      process: 'b',
      read: () => {
        reads += 1;
        return reading.promise;
      },
      isRedisReady: () => true,
      onError: (error) => void errors.push(error),
    });
    expect(reads).toBe(1);
    const ended = second[Symbol.asyncDispose]();
    reading.resolve(edge);
    await ended;
    expect(await redis.keys('*')).toEqual([]);
    expect(errors).toEqual([]);
  });

  it('waits for Redis, tells of a failure, and does not delay the end while Redis is away', async () => {
    const errors: unknown[] = [];
    const away = server.connect();
    await once(away, 'ready');
    let isReady = false;
    await using reporter = new StatusReporter({
      store: new ProcessStatusStore(away),
      process: 'c',
      read: () => Promise.reject(new Error('no')),
      isRedisReady: () => isReady,
      onError: (error) => void errors.push(error),
    });
    expect(errors).toEqual([]);
    isReady = true;
    const failing = new StatusReporter({
      store,
      process: 'd',
      read: () => Promise.reject(new Error('no')),
      isRedisReady: () => isReady,
      onError: (error) => void errors.push(error),
    });
    await failing[Symbol.asyncDispose]();
    expect(errors).toEqual([new Error('no')]);
    isReady = false;
    expect(reporter).toBeDefined();
  });
});
