import { describe, expect, it } from '@jest/globals';
import { admit, type Allowances } from '../src/rate-limit/admission.ts';
import type { Allowance, Rate } from '../src/rate-limit/allowance.ts';
import { formatDuration } from '../src/rate-limit/duration.ts';
import { slidingWindow } from '../src/rate-limit/sliding-window.ts';
import { tokenBucket } from '../src/rate-limit/token-bucket.ts';
import { seededRandom } from '../src/seeded-random.ts';

const minute = 60_000;
const startMs = 1_000_000;
const rate: Rate = { limit: 600, windowMs: minute, burstMs: minute };

function usedTimes(allowance: Allowance, times: number, nowMs: number): Allowance {
  let next = allowance;
  for (let time = 0; time < times; time += 1) next = next.use(1, nowMs);
  return next;
}

describe('a token bucket', () => {
  it('admits its burst and then its refill', () => {
    const empty = usedTimes(tokenBucket(rate, startMs), 600, startMs);
    expect(empty.waitMs(1, startMs)).toBeCloseTo(100);
    expect(empty.waitMs(1, startMs + 59)).toBeCloseTo(41);
    expect(empty.waitMs(1, startMs + 100)).toBe(0);
    expect(empty.left(startMs)).toEqual({ remaining: 0, resetMs: minute });
    expect(empty.left(startMs + 1000)).toEqual({ remaining: 10, resetMs: 59_000 });
  });

  it('never exceeds its capacity', () => {
    const bucket = tokenBucket({ ...rate, burstMs: 1000 }, startMs);
    expect(bucket.left(startMs + minute)).toEqual({ remaining: 10, resetMs: 0 });
    expect(usedTimes(bucket, 10, startMs + minute).waitMs(1, startMs + minute)).toBeCloseTo(100);
  });

  it('has a capacity of at least one, and never admits more than its capacity', () => {
    const bucket = tokenBucket({ ...rate, burstMs: 1 }, startMs);
    expect(bucket.waitMs(1, startMs)).toBe(0);
    expect(bucket.waitMs(2, startMs)).toBe(Infinity);
  });
});

describe('a sliding window', () => {
  it('admits its limit and then waits for the oldest usage to expire', () => {
    const window = usedTimes(slidingWindow(rate), 300, startMs);
    const full = usedTimes(window, 300, startMs + 30_000);
    const waitMs = full.waitMs(1, startMs + 30_000);
    expect(waitMs).toBeGreaterThan(30_000);
    expect(waitMs).toBeLessThanOrEqual(30_000 + minute / 1000);
    expect(full.waitMs(300, startMs + 30_000)).toBe(waitMs);
    expect(full.waitMs(301, startMs + 30_000)).toBeGreaterThan(59_000);
    expect(full.left(startMs + 30_000 + waitMs)).toMatchObject({ remaining: 300 });
    expect(full.left(startMs + 3 * minute)).toEqual({ remaining: 600, resetMs: 0 });
  });

  it('never admits more than its limit', () => {
    expect(slidingWindow(rate).waitMs(601, startMs)).toBe(Infinity);
  });
});

describe.each([
  ['a token bucket', (settings: Rate) => tokenBucket(settings, startMs)],
  ['a sliding window', slidingWindow],
])('%s', (_, create) => {
  it('admits exactly after the returned wait, regardless of earlier usage', () => {
    const random = seededRandom(11);
    let allowance = create(rate);
    let nowMs = startMs;
    for (let round = 0; round < 3000; round += 1) {
      const amount = 1 + Math.floor(random() * 50);
      const waitMs = allowance.waitMs(amount, nowMs);
      if (waitMs > 1) expect(allowance.waitMs(amount, nowMs + waitMs - 1)).toBeGreaterThan(0);
      nowMs += waitMs;
      expect(allowance.waitMs(amount, nowMs)).toBe(0);
      allowance = allowance.use(amount, nowMs);
      expect(allowance.left(nowMs).remaining).toBeGreaterThanOrEqual(0);
      nowMs += Math.floor(random() * 200);
    }
  });
});

it('a sliding window never admits more than its limit in any minute', () => {
  const random = seededRandom(3);
  const used: { atMs: number; amount: number }[] = [];
  let window = slidingWindow(rate);
  for (let nowMs = startMs; nowMs < startMs + 4 * minute; nowMs += Math.floor(random() * 300)) {
    const amount = 1 + Math.floor(random() * 20);
    if (window.waitMs(amount, nowMs) > 0) continue;
    window = window.use(amount, nowMs);
    used.push({ atMs: nowMs, amount });
    const inMinute = used.filter(({ atMs }) => atMs > nowMs - minute).reduce((sum, one) => sum + one.amount, 0);
    expect(inMinute).toBeLessThanOrEqual(600);
  }
  expect(used.length).toBeGreaterThan(100);
});

describe('admission', () => {
  const both = (): Allowances => ({
    requests: tokenBucket({ ...rate, limit: 60 }, startMs),
    tokens: tokenBucket({ ...rate, limit: 6000 }, startMs),
  });

  it('uses both allowances, or none if one refuses', () => {
    const first = admit(both(), 5950, startMs);
    if (!first.admitted) throw new Error('the first request must fit');
    expect(first.allowances.requests?.left(startMs).remaining).toBe(59);
    expect(first.allowances.tokens?.left(startMs).remaining).toBe(50);
    const second = admit(first.allowances, 100, startMs);
    expect(second).toEqual({
      admitted: false,
      refusal: { limited: 'tokens', limit: 6000, used: 5950, requested: 100, retryAfterMs: 500 },
    });
    expect(admit(first.allowances, 50, startMs).admitted).toBe(true);
  });

  it('reports the limit with the longer wait if both refuse', () => {
    const requests = usedTimes(tokenBucket({ ...rate, limit: 60 }, startMs), 60, startMs);
    const tokens = tokenBucket({ ...rate, limit: 6000 }, startMs).use(6000, startMs);
    expect(admit({ requests, tokens }, 10, startMs)).toMatchObject({
      refusal: { limited: 'requests', retryAfterMs: 1000 },
    });
    expect(admit({ requests, tokens }, 200, startMs)).toMatchObject({
      refusal: { limited: 'tokens', retryAfterMs: 2000 },
    });
  });

  it('reports requests that can never be admitted', () => {
    expect(admit(both(), 6001, startMs)).toMatchObject({ refusal: { limited: 'tokens', retryAfterMs: Infinity } });
  });

  it('admits anything without limits', () => {
    expect(admit({ requests: undefined, tokens: undefined }, 1e9, startMs).admitted).toBe(true);
  });
});

it.each([
  [0, '0s'],
  [0.2, '1ms'],
  [41, '41ms'],
  [120, '120ms'],
  [1000, '1s'],
  [1200, '1.2s'],
  [59_999.5, '1m0s'],
  [360_000, '6m0s'],
  [90_500, '1m30.5s'],
  [3_600_000, '1h0m0s'],
])('formats %d ms as %s', (timeMs, written) => {
  expect(formatDuration(timeMs)).toBe(written);
});
