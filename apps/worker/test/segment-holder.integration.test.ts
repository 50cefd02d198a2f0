import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { QueueProducer } from '@parley/queues';
import { HolderBalance, SegmentStore, WorkChannels } from '@parley/redis/segment';
import { createLogger, createThreadRegistry, createWorkerMetrics } from '@parley/telemetry';
import { EngineCancelledError, type JobRequest } from '@parley/translation';
import { jobOf, openSession, type TestSession } from '../../../packages/redis/test/fixture.ts';
import { startRedis, type TestRedis } from '../../../test/harness/redis.ts';
import { translateFinal } from '../src/consumer/final-translation.ts';
import { CallSlots } from '../src/partials/call-slots.ts';
import { SegmentHolder } from '../src/partials/segment-holder.ts';

let server: TestRedis;
beforeAll(async () => (server = await startRedis()));
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

afterEach(() => void jest.restoreAllMocks());

const ignore = (): void => undefined;
const metrics = createWorkerMetrics(createThreadRegistry());
const logger = createLogger(loadConfig({ LOG_LEVEL: 'silent' }), 'worker');
const notices = { publish: ignore };

/** A worker thread's open segments; its calls for partials never end by themselves. */
function thread(opened: AsyncDisposableStack, name: string) {
  const redis = server.connect();
  const holder = opened.use(
    new SegmentHolder({
      segments: new SegmentStore(redis),
      channels: opened.use(new WorkChannels(server.connect())),
      balance: new HolderBalance(redis, name),
      queues: opened.adopt(new QueueProducer(redis, 1, ignore), (producer) => producer.close()),
      maxHeld: 500,
      translations: {
        translatePartial: ({ unwanted }) =>
          new Promise((_resolve, reject) => {
            unwanted?.addEventListener('abort', () => reject(new EngineCancelledError('cancelled')));
          }),
        share: ignore,
      },
      slots: new CallSlots({ maxCalls: 64, capacity: () => undefined, now: () => performance.now() }),
      maxInFlight: () => 2,
      showsEarly: () => false,
      meter: { called: ignore, rateLimited: ignore },
      notices,
      spending: { saved: ignore, stability: ignore },
      metrics,
      logger,
    }),
  );
  /** Resolves when the segment is held; `over` resolves when it no longer is. */
  const hold = async ({ sessionId }: TestSession, segmentId: number, number: string) => {
    const before = holder.size;
    const data = { v: 1 as const, sessionId, segmentId, number };
    const over = holder.hold({ data, priority: 0, stalls: 0, signal: new AbortController().signal });
    const signal = AbortSignal.timeout(10_000);
    while (holder.size === before) await delay(5, undefined, { signal });
    return { over };
  };
  return { holder, hold };
}

/** Whether a thread waits for the hand-over of calls before it translates the final of a segment. */
async function waitsForHandOver({ pending, segmentTarget }: TestSession, { holder }: ReturnType<typeof thread>) {
  const slot = segmentTarget(1);
  const final = await pending.read(slot);
  if (final.status !== 'outstanding') throw new Error(final.status);
  const requests: JobRequest[] = [];
  const translateOrShare = {
    translatePartial: () => Promise.reject(new Error('there is no partial')),
    translateFinal: (request: JobRequest) => {
      requests.push(request);
      return Promise.resolve({ text: 'hola', engineMs: 1, attempts: 1, cached: false, joined: false });
    },
    share: ignore,
  };
  await translateFinal(
    {
      ...{ pending, translations: translateOrShare, notices, metrics, logger },
      spending: { stability: ignore },
      hasHeld: (sessionId, segmentId) => holder.hasHeld(sessionId, segmentId),
    },
    { segmentTarget: slot, final, history: [], earlier: undefined, signal: new AbortController().signal },
  );
  return requests[0]?.isHandedOver;
}

describe('a final with the text of its last partial', () => {
  it('waits for the hand-over of calls only where another thread held the segment', async () => {
    await using opened = new AsyncDisposableStack();
    const session = await openSession(server.connect());
    const [own, other] = [thread(opened, 'own'), thread(opened, 'other')];
    const { over } = await own.hold(session, 1, jobOf(await session.put(1, 0, 'hello')));
    expect(own.holder.hasHeld(session.sessionId, 1)).toBe(false);
    await session.settle(1, 'hello');
    expect(await over).toBe('done');
    expect(await waitsForHandOver(session, own)).toBe(false);
    expect(await waitsForHandOver(session, other)).toBe(true);
    expect(own.holder.hasHeld(session.sessionId, 2)).toBe(false);
    expect(own.holder.hasHeld('another session', 1)).toBe(false);
  });

  it('waits if it follows so late that the calls are over', async () => {
    await using opened = new AsyncDisposableStack();
    const session = await openSession(server.connect());
    const own = thread(opened, 'own');
    const { over } = await own.hold(session, 1, jobOf(await session.put(1, 0, 'hello')));
    await session.settle(1, 'hello');
    await over;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + 5000);
    await delay(1000); // The thread forgets the segment with its next maintenance.
    expect(await waitsForHandOver(session, own)).toBe(true);
  });
});

describe('a thread that held a segment', () => {
  it('has no calls for its final if the segment was evicted', async () => {
    await using opened = new AsyncDisposableStack();
    const session = await openSession(server.connect());
    const { holder, hold } = thread(opened, 'own');
    const { over } = await hold(session, 1, jobOf(await session.put(1, 0)));
    await session.putPartial({ segmentId: 2, revision: 0, maxOpenSegments: 1 });
    await over;
    expect(holder.hasHeld(session.sessionId, 1)).toBe(false);
  });

  it('I9: leaves it to the thread that took it, even after a gap in its messages', async () => {
    await using opened = new AsyncDisposableStack();
    const session = await openSession(server.connect());
    const [stopped, running] = [thread(opened, 'stopped'), thread(opened, 'running')];
    const job = jobOf(await session.put(1, 0));
    const { over } = await stopped.hold(session, 1, job);
    const taken = await running.hold(session, 1, job);
    // Both threads read the segment again.
    await session.sessions.update(session.sessionId, 'owner', session.settings);
    await Promise.race([over, delay(2000)]);
    expect([stopped.holder.size, running.holder.size]).toEqual([0, 1]);
    expect(stopped.holder.hasHeld(session.sessionId, 1)).toBe(false);
    await session.settle(1);
    await taken.over;
    expect(running.holder.hasHeld(session.sessionId, 1)).toBe(true);
  });
});
