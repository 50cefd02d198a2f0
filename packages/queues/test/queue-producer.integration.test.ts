import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis } from '../../../test/harness/redis.ts';
import { finalJobs, newSessionId, partialJobs, QueueConsumer, QueueProducer } from '../src/index.ts';
import { shardOf } from '../src/queue-shard.ts';

const server = await startRedis();
const redis = server.connect();
let queues: QueueProducer;

beforeEach(async () => {
  await redis.flushall();
  queues = new QueueProducer(redis, 1, () => undefined);
});
afterEach(() => queues.close());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

/** The number of a job created `ms` milliseconds ago. */
const numberFrom = (ms: number): string => String((Date.now() - ms) * 1000);

const partial = (segmentId: number, number: string, priority = 0) =>
  partialJobs('s', [{ segmentId, number, priority }]);
const final = (segmentId: number, number: string, priority = 0) =>
  finalJobs('s', [{ segmentId, target: 'es', number, priority }]);

describe('oldestWaitingMs', () => {
  it('returns the age of the oldest waiting job of both queues', async () => {
    expect(await queues.oldestWaitingMs()).toBeUndefined();
    await queues.add('partial', partial(1, numberFrom(100_000)));
    await queues.add('partial', partial(2, numberFrom(10_000)));
    const oldest = await queues.oldestWaitingMs();
    expect(oldest).toBeGreaterThanOrEqual(99_999);
    expect(oldest).toBeLessThan(150_000);
    await queues.add('final', final(1, numberFrom(200_000)));
    expect(await queues.oldestWaitingMs()).toBeGreaterThanOrEqual(199_999);
  });

  it('ignores partials with a priority, and finals behind others of their session', async () => {
    await queues.add('partial', partial(1, numberFrom(100_000), 1));
    await queues.add('final', final(1, numberFrom(100_000), 7));
    expect(await queues.oldestWaitingMs()).toBeUndefined();
    await queues.add('final', final(2, numberFrom(100_000), 8));
    expect(await queues.oldestWaitingMs()).toBeGreaterThan(99_999);
  });

  it('ignores active jobs', async () => {
    await queues.add('partial', partial(1, numberFrom(100_000)));
    const [taken, over] = [Promise.withResolvers<number>(), Promise.withResolvers<'done'>()];
    const consumer = new QueueConsumer(
      'partial',
      redis,
      ({ data }) => {
        taken.resolve(data.segmentId);
        return over.promise;
      },
      { shard: 0, concurrency: 1, keepJobs: 10, onError: () => undefined },
    );
    await consumer.start();
    expect(await taken.promise).toBe(1);
    expect(await queues.oldestWaitingMs()).toBeUndefined();
    await queues.add('partial', partial(2, numberFrom(50_000)));
    expect(await queues.oldestWaitingMs()).toBeLessThan(100_000);
    over.resolve('done');
    await consumer.close(AbortSignal.abort());
  });
});

describe('partials', () => {
  it('I13: are taken by tenant, and by the open segments of sessions', async () => {
    for (let session = 0; session < 20; session++) {
      await queues.addPartial('a', `a${session}`, { segmentId: 1, number: numberFrom(0), priority: 10 });
    }
    for (const segmentId of [1, 2]) {
      await queues.addPartial('b', 'b', { segmentId, number: numberFrom(0), priority: 0 });
    }
    const jobs = await redis.zrange('bull:{parley-partial-0}:prioritized', '0', '1');
    expect(jobs.filter((id) => id.startsWith('b/'))).toHaveLength(2);
  });
});

describe('finals', () => {
  const finalOf = (
    tenant: string,
    sessionId: string,
    segmentId: number,
    { cost = 300, isLong = false, bulk = false } = {},
  ) =>
    queues.addFinal({
      tenant,
      sessionId,
      cost,
      isLong,
      outstanding: [{ segmentId, target: 'es', number: numberFrom(0), priority: bulk ? 2 ** 20 : 0 }],
    });

  /** Takes jobs one by one; returns their sessions in order. */
  async function inOrder(count: number): Promise<string[]> {
    const [taken, all] = [new Array<string>(), Promise.withResolvers<undefined>()];
    const consumer = new QueueConsumer(
      'final',
      redis,
      ({ data }) => {
        taken.push(data.sessionId);
        if (taken.length === count) all.resolve(undefined);
        return Promise.resolve('done' as const);
      },
      { shard: 0, concurrency: 1, keepJobs: 10, onError: () => undefined },
    );
    await consumer.start();
    await all.promise;
    await consumer.close(AbortSignal.abort());
    return taken;
  }

  it('I13: are served by tenant and by cost', async () => {
    for (let segmentId = 0; segmentId < 10; segmentId++) {
      for (let session = 0; session < 5; session++) await finalOf('a', `a${session}`, segmentId, { cost: 3000 });
    }
    for (let segmentId = 0; segmentId < 10; segmentId++) await finalOf('b', 'b', segmentId);
    const order = await inOrder(60);
    // Ten of `b` cost as much as one of `a`; only what had no priority was before them.
    expect(order.slice(0, 12).filter((session) => session === 'b').length).toBeGreaterThanOrEqual(9);
    expect(order.filter((session) => session.startsWith('a'))).toHaveLength(50);
  });

  it('I13: do not starve, since what comes later is not always before them', async () => {
    await finalOf('a', 'a', 1, { cost: 3000 });
    for (let segmentId = 0; segmentId < 20; segmentId++) {
      await finalOf('b', 'b', segmentId);
      await queues.oldestWaitingMs();
    }
    const order = await inOrder(21);
    expect(order.indexOf('a')).toBeGreaterThanOrEqual(5);
    expect(order.indexOf('a')).toBeLessThan(15);
  });

  it('start anew when nothing is waiting', async () => {
    for (let segmentId = 0; segmentId < 10; segmentId++) await finalOf('a', 'a', segmentId, { cost: 3000 });
    await inOrder(10);
    await queues.oldestWaitingMs();
    await finalOf('a', 'a', 11);
    await finalOf('b', 'b', 1);
    expect(await inOrder(2)).toEqual(['a', 'b']);
  });

  it('I13: that are short owe nothing for having been served while long ones of another tenant wait', async () => {
    for (let segmentId = 0; segmentId < 10; segmentId++)
      await finalOf('a', 'pastes', segmentId, { cost: 3000, isLong: true });
    for (let segmentId = 0; segmentId < 30; segmentId++) {
      await finalOf('b', 'b', segmentId);
      await inOrder(1);
      await queues.oldestWaitingMs();
    }
    for (let segmentId = 0; segmentId < 20; segmentId++) await finalOf('a', 'new', segmentId);
    await finalOf('b', 'b', 30);
    expect((await inOrder(21)).indexOf('b')).toBeLessThan(3);
  });

  it('of the class bulk come after all live ones', async () => {
    for (let segmentId = 0; segmentId < 3; segmentId++) await finalOf('b', 'bulk', segmentId, { bulk: true });
    for (let segmentId = 0; segmentId < 30; segmentId++) await finalOf('a', 'live', segmentId, { cost: 3000 });
    expect((await inOrder(33)).slice(-3)).toEqual(['bulk', 'bulk', 'bulk']);
  });
});

describe('addMissing', () => {
  it('I3: adds the jobs that neither queue of finals has', async () => {
    const [short, long, missing] = [1, 2, 3].map((segmentId) => final(segmentId, numberFrom(0)));
    await queues.add('final', short ?? []);
    await queues.add('long-final', long ?? []);
    await queues.addMissing([short, long, missing].flatMap((jobs) => jobs ?? []));
    const waiting = await redis.lrange('bull:{parley-final-0}:wait', '0', '-1');
    expect(waiting.map((id) => id.split('/')[1])).toEqual(['3', '1']);
  });
});

describe('nextPartialWaitMs', () => {
  it('returns the age of the partial job that is taken next, with or without a priority', async () => {
    await queues.add('final', final(1, numberFrom(100_000)));
    expect(await queues.nextPartialWaitMs()).toBeUndefined();
    await queues.add('partial', partial(1, numberFrom(100_000), 1));
    expect(await queues.nextPartialWaitMs()).toBeGreaterThan(90_000);
    await queues.add('partial', partial(2, numberFrom(10_000)));
    expect(await queues.nextPartialWaitMs()).toBeLessThan(90_000);
  });
});

describe('the job of an open segment', () => {
  it('I9: is queued once, however often it is added', async () => {
    const jobs = partial(1, numberFrom(0));
    await queues.add('partial', jobs);
    await queues.add('partial', jobs);
    await queues.add('partial', [...jobs, ...partial(2, numberFrom(0))]);
    expect(await redis.llen('bull:{parley-partial-0}:wait')).toBe(2);
  });
});

describe('shards', () => {
  it('are named by the session, and a shard beyond the configured ones is used too', async () => {
    const sessions = Array.from({ length: 200 }, () => newSessionId(4));
    expect(new Set(sessions.map(shardOf))).toEqual(new Set([0, 1, 2, 3]));
    expect(newSessionId(1)).toMatch(/^[\w-]{16}$/);
    await queues.add('final', [{ data: { v: 1, sessionId: 'session.3', segmentId: 1, target: 'es', number: '1000' } }]);
    expect(await server.connect().llen('bull:{parley-final-3}:wait')).toBe(1);
    expect(['session', 'session.3'].map((sessionId) => queues.hasShardOf(sessionId))).toEqual([true, false]);
    // Of the configured shard.
    expect(await queues.oldestWaitingMs()).toBeUndefined();
    const all = new QueueProducer(server.connect(), 4, () => undefined);
    try {
      expect(await all.oldestWaiting()).toEqual({ final: expect.any(Number) });
    } finally {
      await all.close();
    }
  });
});
