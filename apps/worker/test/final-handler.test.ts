import { laneJobs, LaneConsumer, LaneProducer } from '@parley/lanes';
import { DegradedNotices, LogReader, type LogEntry } from '@parley/state';
import { createLogger, createThreadRegistry, createWorkerMetrics } from '@parley/telemetry';
import { loadConfig } from '@parley/config';
import {
  createTranslationService,
  EngineRateLimitedError,
  systemClock,
  type TranslationPiece,
  type TranslationRequest,
} from '@parley/translation';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSession } from '../../../packages/state/test/fixture.ts';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { retryPolicy } from '../src/engine/engine-options.ts';
import { createFinalHandler } from '../src/consumer/final-handler.ts';
import { newTurnCell, StalledTurn } from '../src/supervisor/stalled-turn.ts';

let server: TestRedis;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const ignore = (): void => undefined;

/** A lane with one place, a session, and an engine that does as the test says. */
async function pipeline(translate: (request: TranslationRequest) => string) {
  await using opened = new AsyncDisposableStack();
  const redis = server.connect();
  await redis.flushall();
  const session = await openSession(redis);
  const calls: string[] = [];
  const translations = createTranslationService({
    engine: {
      async *translate(request): AsyncGenerator<TranslationPiece> {
        calls.push(request.text);
        await Promise.resolve();
        yield { type: 'text', text: translate(request) };
      },
    },
    retry: retryPolicy,
    longestWaitMs: 250,
    clock: systemClock,
    random: () => 0,
  });
  const handle = createFinalHandler({
    pending: session.pending,
    translations,
    notices: new DegradedNotices(redis, () => performance.now()),
    metrics: createWorkerMetrics(createThreadRegistry()),
    logger: createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker'),
    stalledTurn: new StalledTurn({ cell: newTurnCell(), owner: 1 }),
  });
  const lanes = opened.adopt(new LaneProducer(redis, ignore), (producer) => producer.close());
  const consumer = opened.adopt(
    new LaneConsumer('final', redis, handle, { concurrency: 1, keepJobs: 10, onError: ignore }),
    (started) => started.close(AbortSignal.abort()),
  );
  const rest = opened.move();
  return {
    redis,
    calls,
    pendingKey: `{s:${session.sessionId}}:pending`,
    accept: async (segmentId: number, text: string): Promise<void> => {
      const settled = await session.settle(segmentId, text);
      if (settled.status !== 'accepted') throw new Error(settled.status);
      await lanes.add('final', laneJobs(session.sessionId, settled.outstanding));
    },
    start: () => consumer.start(),
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
    const slowDown = new EngineRateLimitedError('slow down', 300);
    await using lane = await pipeline(({ text }) => {
      if (text === 'limited') throw slowDown;
      return `[es] ${text}`;
    });
    await lane.accept(1, 'limited');
    await lane.accept(2, 'quick');
    await lane.start();
    const [first, second] = await lane.results(2);
    expect(first).toMatchObject({ type: 'translation', segmentId: 2 });
    expect(second).toMatchObject({ type: 'failed', segmentId: 1, code: 'engine-rate-limited' });
    expect(lane.calls).toEqual(['limited', 'quick', 'limited', 'limited', 'limited', 'limited']);
  });
});

describe('a final that can not be read', () => {
  it('fails after some tries, and others go on', async () => {
    await using lane = await pipeline(({ text }) => `[es] ${text}`);
    await lane.accept(1, 'broken');
    await lane.accept(2, 'lost');
    await lane.accept(3, 'sound');
    await lane.redis.hset(lane.pendingKey, '1', '{"of":"another version"}');
    await lane.redis.hdel(lane.pendingKey, '2');
    await lane.start();
    const results = await lane.results(3);
    expect(results[0]).toMatchObject({ type: 'translation', segmentId: 3 });
    const failures = results.slice(1).map((entry) => [entry.type, 'segmentId' in entry && entry.segmentId]);
    expect(failures.sort()).toEqual([
      ['failed', 1],
      ['failed', 2],
    ]);
    expect(lane.calls).toEqual(['sound']);
  });
});

describe('the turn of jobs that stalled', () => {
  it('is given to one at a time, and given back by its holder alone', () => {
    const cell = newTurnCell();
    const [one, other] = [new StalledTurn({ cell, owner: 1 }), new StalledTurn({ cell, owner: 2 })];
    expect([one.tryTake(), one.tryTake(), other.tryTake()]).toEqual([true, false, false]);
    other.giveBack();
    expect(other.tryTake()).toBe(false);
    one.giveBack();
    expect(other.tryTake()).toBe(true);
  });
});
