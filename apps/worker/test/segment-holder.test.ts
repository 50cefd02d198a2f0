import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CallSlots } from '../src/partials/call-slots.ts';
import { SegmentHolder, type SegmentHolderDependencies } from '../src/partials/segment-holder.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A holder of at most two segments that have nothing to translate. Redis doesn't reply to a release. */
async function holding({ waitMs = undefined as number | undefined } = {}) {
  const [released, renewed]: [number[], number[]] = [[], []];
  const deps = {
    segments: {
      take: ({ segmentId }: { segmentId: number }) =>
        Promise.resolve({
          ...{ fence: '1', settings: { stability: 'off' }, tenant: 't', shown: new Map() },
          work: { segmentId, revision: 0, text: '', targets: [], metadata: { receivedAtMs: 0 } },
        }),
      release: (_session: string, { segmentId }: { segmentId: number }) => {
        released.push(segmentId);
        return new Promise(() => undefined);
      },
      renew: (_session: string, leases: readonly { segmentId: number }[]) => {
        renewed.push(...leases.map(({ segmentId }) => segmentId));
        return Promise.resolve({ wanted: new Set(), leases: leases.map(() => ({ status: 'held' })) });
      },
    },
    channels: { subscribe: () => Promise.resolve({ [Symbol.dispose]: () => undefined }) },
    balance: { report: () => Promise.resolve({ threads: 1, held: 2 }) },
    queues: { nextPartialWaitMs: () => Promise.resolve(waitMs) },
    slots: new CallSlots({ maxCalls: 1, capacity: () => undefined, now: () => 0 }),
    maxHeld: 2,
    maxInFlight: () => 1,
    metrics: { partialCallLimited: () => undefined },
    logger: { warn: () => undefined },
  };
  const holder = new SegmentHolder(deps as unknown as SegmentHolderDependencies);
  const { signal } = new AbortController();
  for (const segmentId of [1, 2]) {
    void holder.hold({ data: { v: 1, sessionId: 's', segmentId, number: '1' }, priority: 0, stalls: 0, signal });
    await jest.advanceTimersByTimeAsync(10);
  }
  return { holder, released, renewed };
}

describe('a holder of open segments', () => {
  it('I9: sends no renewal for a segment that it is releasing', async () => {
    const { holder, released, renewed } = await holding();
    await jest.advanceTimersByTimeAsync(9000);
    expect(released).toEqual([]);
    expect(new Set(renewed)).toEqual(new Set([1, 2]));
    while (released.length < 2) {
      renewed.length = 0;
      await jest.advanceTimersByTimeAsync(100);
    }
    await jest.advanceTimersByTimeAsync(3000);
    expect([released, renewed]).toEqual([[1, 2], []]);
    await holder[Symbol.asyncDispose]();
  });

  it.each([
    ['releases its idle segments if it is full and jobs wait for more than a second', 1500, 500, [1, 2]],
    ['releases those that have been idle for a second if jobs wait at all', 10, 1500, [1, 2]],
    ['keeps those in which somebody may still speak while jobs are taken in time', 900, 900, []],
    ['keeps them while no job waits', undefined, 2500, []],
  ])('%s', async (_, waitMs, afterMs, expected) => {
    const { holder, released } = await holding({ waitMs });
    await jest.advanceTimersByTimeAsync(afterMs);
    expect(released).toEqual(expected);
    await holder[Symbol.asyncDispose]();
  });
});
