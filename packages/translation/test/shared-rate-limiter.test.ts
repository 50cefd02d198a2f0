import { describe, expect, it } from '@jest/globals';
import {
  SharedRateLimiter,
  type CallReport,
  type StoreReply,
  type StoreRequest,
  type SharedRateLimiterOptions,
  type StoreRelease,
} from '../src/index.ts';

const granted: StoreReply = {
  status: 'granted',
  retryAfterMs: 0,
  fill: 0.1,
  headroom: 0.4,
  granted: { requests: 7, tokens: 70 },
};
const well: CallReport = { tokens: undefined, limits: undefined, refused: undefined };
const final = { kind: 'final', tenant: 't', session: 's', tokens: 50 } as const;

/** A rate limit on a store that answers as the test says, under a clock that the test moves. */
function limitOf(answers: (StoreReply | Error | 'never')[], given: Partial<SharedRateLimiterOptions> = {}) {
  const asked: StoreRequest[] = [];
  const released: StoreRelease[] = [];
  const seen: unknown[] = [];
  const clock = { nowMs: 0 };
  const store = {
    isReachable: true,
    acquire: (ask: StoreRequest): Promise<StoreReply> => {
      const answer = answers[asked.push(ask) - 1] ?? granted;
      if (answer === 'never') return Promise.withResolvers<StoreReply>().promise;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    release: (release: StoreRelease): Promise<void> => {
      released.push(release);
      return Promise.resolve();
    },
  };
  let calls = 0;
  const limit = new SharedRateLimiter({
    store,
    limits: { requests: 600, tokens: undefined },
    finalReserve: 0.2,
    threads: () => 4,
    observer: {
      asked: (kind, result) => seen.push([kind, result]),
      paused: () => seen.push('paused'),
      headroom: () => undefined,
      localFallback: (isActive) => seen.push(isActive ? 'by itself' : 'shared'),
    },
    now: () => clock.nowMs,
    random: () => 0,
    newCall: () => `call ${calls++}`,
    ...given,
  });
  return { limit, store, asked, released, seen, clock };
}

const unknown = { limits: { requests: undefined, tokens: undefined } };
const told = (perMinute: number, remaining: number) => ({
  requests: { perMinute, remaining },
  tokens: { perMinute: undefined, remaining: undefined },
});

async function permit(limit: SharedRateLimiter) {
  const grant = await limit.acquire(final);
  if (grant.status !== 'granted') throw new Error(`refused: ${grant.reason}`);
  return grant.permit;
}

describe('while no limit is known', () => {
  it('the store is not used', async () => {
    const { limit, asked } = limitOf([], unknown);
    expect((await limit.acquire(final)).status).toBe('granted');
    expect(asked).toEqual([]);
    expect(limit.headroom).toBeUndefined();
  });

  it('a refusal pauses this thread and is told to all, and not for longer than was said', async () => {
    const { limit, released, seen, clock } = limitOf([], unknown);
    (await permit(limit)).release({ ...well, refused: { retryAfterMs: 800 } });
    expect(released).toMatchObject([{ pauseMs: 800 }]);
    expect(await limit.acquire(final)).toEqual({ status: 'refused', reason: 'paused', retryAfterMs: 800 });
    clock.nowMs = 799;
    expect((await limit.acquire(final)).status).toBe('refused');
    clock.nowMs = 800;
    expect((await limit.acquire(final)).status).toBe('granted');
    expect(seen).toContain('paused');
  });

  it('limits every pause to two minutes', async () => {
    const { limit, clock } = limitOf([], unknown);
    (await permit(limit)).release({ ...well, refused: { retryAfterMs: 86_400_000 } });
    expect(await limit.acquire(final)).toMatchObject({ retryAfterMs: 120_000 });
    clock.nowMs = 120_000;
    expect((await limit.acquire(final)).status).toBe('granted');
  });

  it('pauses of which nothing was said grow from a second, for all threads, until a call succeeds', async () => {
    const { limit, released, clock } = limitOf([], unknown);
    const refuse = async (): Promise<number> => {
      const pauseMs = (await permit(limit)).release({ ...well, refused: { retryAfterMs: undefined } });
      clock.nowMs += pauseMs;
      return pauseMs;
    };
    const pauses = [await refuse(), await refuse(), await refuse(), await refuse(), await refuse()];
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 8000]);
    expect(released.map(({ pauseMs }) => pauseMs)).toEqual(pauses);
    (await permit(limit)).release({ ...well, isAnswered: true });
    expect(await refuse()).toBe(1000);
  });

  it('calls that were refused at the same time are one refusal', async () => {
    const { limit, clock } = limitOf([], unknown);
    const permits = [await permit(limit), await permit(limit), await permit(limit)];
    clock.nowMs = 300;
    const pauses = permits.map((one) => one.release({ ...well, refused: { retryAfterMs: undefined } }));
    expect(pauses).toEqual([1000, 1000, 1000]);
    expect(await limit.acquire(final)).toMatchObject({ retryAfterMs: 1000 });
  });

  it('a pause that another thread was told counts as well', async () => {
    const { limit, clock } = limitOf([], unknown);
    limit.pause(1000);
    clock.nowMs = 1000;
    expect((await permit(limit)).release({ ...well, refused: { retryAfterMs: undefined } })).toBe(2000);
  });

  it('accepts a delay of 0 once', async () => {
    const { limit, released } = limitOf([], unknown);
    const pauses = [];
    for (let call = 0; call < 2; call++) {
      pauses.push((await permit(limit)).release({ ...well, refused: { retryAfterMs: 0 } }));
    }
    expect(pauses).toEqual([0, 1000]);
    expect(released.map(({ pauseMs }) => pauseMs)).toEqual([1000]);
  });

  it('learns the limit from a response', async () => {
    const { limit, asked } = limitOf([], unknown);
    (await permit(limit)).release({ ...well, limits: told(120, 119) });
    await limit.acquire(final);
    expect(asked).toMatchObject([{ buckets: { requests: { capacity: 1 } }, isMade: false }]);
  });
});

describe('a limit that is known', () => {
  it('is asked for each call, and hears what the engine says was left', async () => {
    const { limit, asked, released, clock } = limitOf([granted]);
    const given = await permit(limit);
    expect(asked).toMatchObject([{ ...final, reserve: 0.2, isMade: false, buckets: { requests: { capacity: 5 } } }]);
    clock.nowMs = 300;
    given.release({ ...well, limits: told(600, 42) });
    expect(released).toMatchObject([
      {
        call: 'call 0',
        pauseMs: undefined,
        reported: { remainingRequests: 42, granted: granted.granted, elapsedMs: 300 },
      },
    ]);
    expect(limit.headroom).toBe(0.4);
  });

  it('says when there may be room, and why not now', async () => {
    const { limit, seen } = limitOf([{ ...granted, status: 'paced', retryAfterMs: 40 }]);
    const ask = { ...final, kind: 'partial' as const };
    expect(await limit.acquire(ask)).toEqual({ status: 'refused', reason: 'paced', retryAfterMs: 40 });
    expect(seen).toEqual([['partial', 'paced']]);
  });

  it('is corrected by what the call counted as', async () => {
    const { limit, released } = limitOf([granted]);
    (await permit(limit)).release({ ...well, tokens: 80 });
    expect(released).toMatchObject([{ moreTokens: 30 }]);
  });

  it('is not waited for while there is plenty of room, as often as half a bucket has place', async () => {
    const { limit, asked } = limitOf([{ ...granted, fill: 0.9 }, 'never', 'never', 'never'], { threads: () => 1 });
    for (let call = 0; call < 3; call++) expect((await limit.acquire(final)).status).toBe('granted');
    expect(asked.map(({ isMade }) => isMade)).toEqual([false, true, true]);
    void limit.acquire(final);
    expect(asked.map(({ isMade }) => isMade)).toEqual([false, true, true, false]);
  });
});

describe('a limit of tokens', () => {
  it('is waited for where few calls would take half a bucket', async () => {
    const limits = { requests: undefined, tokens: 24_000 };
    const { limit, asked } = limitOf([{ ...granted, fill: 1 }, 'never', 'never'], { threads: () => 1, limits });
    // Half a bucket is 100 tokens: two calls.
    for (let call = 0; call < 3; call++) await limit.acquire(final);
    void limit.acquire(final);
    expect(asked.map(({ isMade }) => isMade)).toEqual([false, true, true, false]);
    expect(limit.countsTokens).toBe(true);
  });
});

describe('where the store can’t be asked', () => {
  it('each thread takes its part of the limit, and says so', async () => {
    const { limit, store, asked, seen, clock } = limitOf([]);
    store.isReachable = false;
    expect(await limit.acquire(final)).toMatchObject({ status: 'refused', reason: 'no-capacity' });
    // 570 a minute among four: one each 421 ms.
    let calls = 0;
    for (clock.nowMs = 0; clock.nowMs < 60_000; clock.nowMs += 50) {
      if ((await limit.acquire(final)).status === 'granted') calls++;
    }
    expect(calls).toBeGreaterThanOrEqual(130);
    expect(calls).toBeLessThanOrEqual(150);
    expect(asked).toEqual([]);
    expect(seen.filter((one) => one === 'by itself')).toHaveLength(1);
    store.isReachable = true;
    clock.nowMs += 1000;
    expect((await limit.acquire(final)).status).toBe('granted');
    expect(seen).toContain('shared');
  });

  it('it says that it is back although nobody calls', async () => {
    const { limit, store, seen } = limitOf([]);
    store.isReachable = false;
    await limit.acquire(final);
    expect(seen).toContain('by itself');
    limit.storeReconnected();
    limit.storeReconnected();
    expect(seen.filter((one) => one === 'shared')).toHaveLength(1);
  });

  it('a pause is kept here, and not told later', async () => {
    const { limit, store, released, clock } = limitOf([]);
    store.isReachable = false;
    clock.nowMs = 1;
    await limit.acquire(final);
    clock.nowMs = 1000;
    const grant = await limit.acquire(final);
    if (grant.status !== 'granted') throw new Error('there was room');
    grant.permit.release({ tokens: undefined, limits: undefined, refused: { retryAfterMs: 5000 } });
    expect(await limit.acquire(final)).toMatchObject({ status: 'refused', reason: 'paused', retryAfterMs: 5000 });
    expect(released).toEqual([]);
  });

  it.each(['never', new Error('gone')] as const)('does not wait for the store: %s', async (answer) => {
    const { limit, asked, seen, clock } = limitOf([answer]);
    expect(await limit.acquire(final)).toMatchObject({ status: 'refused', reason: 'no-capacity' });
    expect(seen).toContain('by itself');
    // It is left alone for a while.
    await limit.acquire(final);
    expect(asked).toHaveLength(1);
    clock.nowMs = 1000;
    await limit.acquire(final);
    expect(asked).toHaveLength(2);
  });
});
