import { QueueConsumer, QueueProducer } from '@parley/queues';
import { DegradedNotices } from '@parley/redis/channel';
import { CorrectionStore } from '@parley/redis/correction';
import { EarlierFinals, LogReader, type LogEntry } from '@parley/redis/log';
import type { SessionSettings } from '@parley/redis/session';
import { UsageStore } from '@parley/redis/usage';
import { createLogger, createThreadRegistry, createWorkerMetrics } from '@parley/telemetry';
import { errorCodes, type ErrorCode } from '@parley/protocol';
import { loadConfig } from '@parley/config';
import {
  createTranslationService,
  EngineRateLimitedError,
  EngineRejectedError,
  EngineReplyError,
  EngineTimeoutError,
  EngineUnavailableError,
  systemClock,
  type TranslationRequest,
} from '@parley/translation';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openSession } from '../../../packages/redis/test/fixture.ts';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { retryPolicy } from '../src/engine/engine-options.ts';
import { failedFinal } from '../src/consumer/failed-final.ts';
import { createFinalHandler } from '../src/consumer/final-handler.ts';
import { newMutexCell, PoisonJobMutex } from '../src/supervisor/poison-job-mutex.ts';

let server: TestRedis;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

afterEach(() => void jest.restoreAllMocks());

const ignore = (): void => undefined;

/** A consumer of one final at a time, with a session and an engine that does as the test says. */
async function pipeline(
  translate: (request: TranslationRequest) => string,
  {
    random = 0,
    onPutOff = ignore,
    sessionWritten = () => Promise.resolve(),
    ...settings
  }: Partial<SessionSettings> & {
    readonly random?: number;
    readonly onPutOff?: () => void;
    readonly sessionWritten?: (sessionId: string) => Promise<void>;
  } = {},
) {
  await using opened = new AsyncDisposableStack();
  const redis = server.connect();
  await redis.flushall();
  const session = await openSession(redis, settings);
  const calls: string[] = [];
  const requests: TranslationRequest[] = [];
  const translations = createTranslationService({
    engine: {
      async translate(request, onText) {
        calls.push(request.text);
        requests.push(request);
        await Promise.resolve();
        const text = translate(request);
        onText?.(text);
        return { text };
      },
    },
    // As in the worker, but a final that fails takes 2 s instead of 15.
    retry: { ...retryPolicy, deadlineMs: 2000 },
    longestWaitMs: 250,
    clock: systemClock,
    random: () => random,
  });
  const queues = opened.adopt(new QueueProducer(redis, 1, ignore), (producer) => producer.close());
  const deps = {
    queues,
    pending: session.pending,
    corrections: new CorrectionStore(redis),
    earlierFinals: new EarlierFinals(redis),
    translations,
    spending: { sessionWritten, stability: () => undefined },
    notices: new DegradedNotices(redis, () => performance.now()),
    metrics: createWorkerMetrics(createThreadRegistry()),
    logger: createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker'),
    poisonJobMutex: new PoisonJobMutex({ cell: newMutexCell(), owner: 1 }),
    hasHeld: () => false,
  };
  const consumers = (['final', 'long-final'] as const).map((queue) => {
    const handle = createFinalHandler(deps, queue);
    const handleAndTell = async (...args: Parameters<typeof handle>): ReturnType<typeof handle> => {
      const outcome = await handle(...args);
      if (outcome !== 'done') onPutOff();
      return outcome;
    };
    return opened.adopt(
      new QueueConsumer(queue, redis, handleAndTell, { shard: 0, concurrency: 1, keepJobs: 10, onError: ignore }),
      (started) => started.close(AbortSignal.abort()),
    );
  });
  const rest = opened.move();
  return {
    redis,
    session,
    calls,
    requests,
    pendingKey: `{s:${session.sessionId}}:pending`,
    accept: async (segmentId: number, text: string): Promise<void> => {
      const settled = await session.settle(segmentId, text);
      if (settled.status !== 'accepted') throw new Error(settled.status);
      await queues.addFinal({
        tenant: 'tenant',
        sessionId: session.sessionId,
        cost: 1,
        // As edges of other versions add long ones, too.
        isLong: false,
        outstanding: settled.outstanding,
      });
    },
    start: () => Promise.all(consumers.map((consumer) => consumer.start())),
    /** Resolves with the results in their order, once there are so many. */
    results: async (count: number): Promise<LogEntry[]> => {
      const log = new LogReader(redis);
      for (;;) {
        const entries = (await log.readAfter(session.sessionId, 0)).flatMap(({ entry }) => entry ?? []);
        const results = entries.filter(({ type }) => type !== 'transcript');
        if (results.length >= count) return results;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

describe('a final that has to wait long for its next call', () => {
  it('leaves its place to others, and its limits hold all the same', async () => {
    // It waits 99, 198, 396 and 792 ms, and leaves its place when that is more than 250.
    const down = new EngineUnavailableError('down');
    await using consumer = await pipeline(
      ({ text }) => {
        if (text === 'unlucky') throw down;
        return `[es] ${text}`;
      },
      { random: 0.99 },
    );
    await consumer.accept(1, 'unlucky');
    await consumer.accept(2, 'quick');
    await consumer.start();
    const [first, second] = await consumer.results(2);
    expect(first).toMatchObject({ type: 'translation', segmentId: 2 });
    expect(second).toMatchObject({ type: 'failed', segmentId: 1, code: 'engine-unavailable' });
    const afterQuick = consumer.calls.slice(consumer.calls.indexOf('quick') + 1);
    expect(consumer.calls.slice(0, 4)).toEqual(['unlucky', 'unlucky', 'unlucky', 'quick']);
    // Each call fails at once, so they are as many as the waits leave time for.
    expect(new Set(afterQuick)).toEqual(new Set(['unlucky']));
    expect(consumer.calls.length).toBeLessThanOrEqual(10);
  });

  it('I3: waits its turn however often the engine refuses it for its rate', async () => {
    let refusals = 0;
    await using consumer = await pipeline(({ text }) => {
      if (text === 'limited' && refusals++ < 7) throw new EngineRateLimitedError('slow down', 260);
      return `[es] ${text}`;
    });
    await consumer.accept(1, 'limited');
    await consumer.accept(2, 'quick');
    await consumer.start();
    expect(await consumer.results(2)).toMatchObject([
      { type: 'translation', segmentId: 2 },
      { type: 'translation', segmentId: 1 },
    ]);
    expect(consumer.calls).toHaveLength(9);
  });
});

describe('a final that goes on at a worker whose clock is minutes ahead', () => {
  it.each([
    ['for its turn', new EngineRateLimitedError('slow down', 260)],
    ['to be called again', new EngineUnavailableError('down')],
  ])('waits %s as it would at the same one', async (_, error) => {
    const now = Date.now.bind(Date);
    let failures = 0;
    await using consumer = await pipeline(
      ({ text }) => {
        if (failures++ >= 4) return `[es] ${text}`;
        throw error;
      },
      { random: 0.99, onPutOff: () => jest.spyOn(Date, 'now').mockImplementation(() => now() + 150_000) },
    );
    await consumer.accept(1, 'unlucky');
    await consumer.start();
    expect(await consumer.results(1)).toMatchObject([{ type: 'translation', segmentId: 1 }]);
    expect(consumer.calls).toHaveLength(5);
  });
});

describe('the last final of a session that ends', () => {
  it.each([
    ['translated', 1],
    ['failed', 0],
  ])('is committed when what was spent is written: %s', async (_, translations) => {
    const store = new UsageStore(server.connect());
    const spent = { writer: 'w', number: 1, amounts: { usageTokens: 150 } };
    await using consumer = await pipeline(
      () => {
        if (translations === 0) throw new EngineRejectedError('no');
        return 'hola';
      },
      {
        sessionWritten: async (sessionId) => {
          await new Promise(setImmediate);
          await store.addToSession(sessionId, spent);
        },
      },
    );
    await consumer.accept(1, 'hello');
    await consumer.session.sessions.end(consumer.session.sessionId, 'owner');
    await consumer.start();
    const [, ended] = await consumer.results(2);
    expect(ended).toMatchObject({ type: 'ended', usage: { segments: 1, translations, tokens: 150 } });
  });
});

describe('a final that can not be read', () => {
  it('fails after some tries, and others go on', async () => {
    await using consumer = await pipeline(({ text }) => `[es] ${text}`);
    await consumer.accept(1, 'broken');
    await consumer.accept(2, 'lost');
    await consumer.accept(3, 'sound');
    await consumer.redis.hset(consumer.pendingKey, '1', '{"of":"another version"}');
    await consumer.redis.hdel(consumer.pendingKey, '2');
    await consumer.start();
    const results = await consumer.results(3);
    expect(results[0]).toMatchObject({ type: 'translation', segmentId: 3 });
    const failures = results.slice(1).map((entry) => [entry.type, 'segmentId' in entry && entry.segmentId]);
    expect(failures.sort()).toEqual([
      ['failed', 1],
      ['failed', 2],
    ]);
    expect(consumer.calls).toEqual(['sound']);
  });
});

describe('a final whose replies look odd', () => {
  it('comes with a mark where both do, and fails where there is nothing to show', async () => {
    await using consumer = await pipeline(({ text, strict }) => {
      if (text === 'odd') return 'Translation: raro';
      if (text === 'odd once' && strict !== true) return 'Translation: una vez';
      return text === 'silent' ? '' : `[es] ${text}`;
    });
    for (const [segment, text] of ['odd', 'odd once', 'silent'].entries()) await consumer.accept(segment, text);
    await consumer.start();
    expect(await consumer.results(3)).toMatchObject([
      { segmentId: 0, type: 'translation', text: 'Translation: raro', flags: ['suspect'] },
      { segmentId: 1, type: 'translation', text: '[es] odd once' },
      { segmentId: 2, type: 'failed', code: 'engine-bad-reply' },
    ]);
    expect((await consumer.results(3))[1]).not.toHaveProperty('flags');
    expect(consumer.requests.map(({ strict }) => strict)).toEqual([false, true, false, true, false, true]);
  });
});

describe('what a final brings along', () => {
  it.each([
    [true, [['one', '[es] one']]],
    [false, []],
  ])('is what was said before it where useHistory is %s', async (useHistory, expected) => {
    await using consumer = await pipeline(({ text }) => `[es] ${text}`, { useHistory });
    await consumer.start();
    await consumer.accept(1, 'one');
    await consumer.results(1);
    await consumer.accept(2, 'two');
    await consumer.results(2);
    const histories = consumer.requests.map(({ history = [] }) =>
      history.map((final) => [final.text, final.translation]),
    );
    expect(histories).toEqual([[], expected]);
  });

  it('is what was shown of it', async () => {
    await using consumer = await pipeline(({ text }) => `[es] ${text}`);
    const { hold, commit } = consumer.session;
    const { lease } = await hold(1, 0, 'one');
    await commit(lease, { text: 'uno' });
    await consumer.accept(1, 'one two');
    await consumer.accept(2, 'three');
    await consumer.start();
    await consumer.results(2);
    expect(consumer.requests.map(({ text, previous }) => [text, previous?.translation])).toEqual([
      ['one two', 'uno'],
      ['three', undefined],
    ]);
  });
});

describe('the turn of jobs that stalled', () => {
  it('is given to one at a time, and given back by its holder alone', () => {
    const cell = newMutexCell();
    const [one, other] = [new PoisonJobMutex({ cell, owner: 1 }), new PoisonJobMutex({ cell, owner: 2 })];
    expect([one.tryAcquire(), one.tryAcquire(), other.tryAcquire()]).toEqual([true, false, false]);
    other.release();
    expect(other.tryAcquire()).toBe(false);
    one.release();
    expect(other.tryAcquire()).toBe(true);
  });
});

describe('what a client is told of a final that failed', () => {
  it.each<[string, Error, string]>([
    [
      'engine-unavailable',
      new EngineUnavailableError('connect ECONNREFUSED 10.0.0.7:8080'),
      'no engine could be reached in time',
    ],
    ['engine-timeout', new EngineTimeoutError('total', 6871), 'the engine did not reply in time'],
    [
      'engine-rejected',
      new EngineRejectedError('status 404 model_not_found gpt-x'),
      'the engine rejects the requests of this server',
    ],
    [
      'engine-bad-reply',
      new EngineReplyError('far too long: 900 characters for a text of 9'),
      'the engine returned no translation of this text',
    ],
    ['internal', new TypeError('undefined is not a function'), 'the text could not be translated'],
  ])('I35: is a code and a sentence without the engine’s own: %s', async (code, error, message) => {
    await using consumer = await pipeline(() => {
      throw error;
    });
    await consumer.accept(1, 'unlucky');
    await consumer.start();
    expect(await consumer.results(1)).toEqual([
      { v: 1, type: 'failed', segmentId: 1, targetLanguage: 'es', code, message },
    ]);
  });

  it('I35: is a sentence of its own for every code of an engine', () => {
    const segmentTarget = { sessionId: 's', segmentId: 1, target: 'es' };
    const codes = Object.keys(errorCodes) as ErrorCode[];
    const ofEngines = codes.filter((code) => code.startsWith('engine-'));
    const messages = [...ofEngines, 'language-unsupported', 'over-budget', 'internal'].map(
      (code) => failedFinal(segmentTarget, code as ErrorCode).message,
    );
    expect(new Set(messages).size).toBe(ofEngines.length + 3);
  });
});
