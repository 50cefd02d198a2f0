import { describe, expect, it } from '@jest/globals';
import { bucketFor } from '../src/index.ts';
import { dividedBucket } from '../src/limit/limits.ts';
import { Limits } from '../src/limit/limits.ts';
import { emptyLevel, takeLocally } from '../src/limit/local-fallback-limiter.ts';

describe('the shape of a bucket', () => {
  it.each([2, 3, 10, 20, 100, 600, 10_000, 2_000_000])('keeps a minute of %d', (perMinute) => {
    const { perMs, capacity } = bucketFor(perMinute);
    expect(capacity).toBeGreaterThanOrEqual(1);
    expect(perMs * 60_000 + capacity).toBeLessThanOrEqual(perMinute + 1e-9);
    expect(perMs).toBeGreaterThan(0);
  });

  it("uses 95% of the limit if half a second's allowance exceeds one call", () => {
    expect(bucketFor(600)).toEqual({ perMs: 570 / 60_000, capacity: 5 });
  });

  it('is divided among uncoordinated threads, and always holds one call', () => {
    expect(dividedBucket({ perMs: 0.01, capacity: 8 }, 4)).toEqual({ perMs: 0.0025, capacity: 2 });
    expect(dividedBucket({ perMs: 0.01, capacity: 2 }, 4)).toEqual({ perMs: 0.0025, capacity: 1 });
  });
});

describe('a thread’s own bucket', () => {
  const buckets = { requests: { perMs: 0.01, capacity: 4 }, tokens: { perMs: 1, capacity: 100 } };
  const final = { kind: 'final', tokens: 10 } as const;

  it('starts empty and refills', () => {
    const first = takeLocally(emptyLevel(0), final, buckets, 0, 0);
    expect(first.waitMs).toBe(100);
    const second = takeLocally(first.level, final, buckets, 0, 100);
    expect(second).toEqual({ waitMs: 0, level: { atMs: 100, requests: 0, tokens: 90 } });
  });

  it('reserves a share for finals', () => {
    const partial = { kind: 'partial', tokens: 0 } as const;
    expect(takeLocally({ atMs: 0, requests: 1, tokens: 100 }, partial, buckets, 0.25, 0).waitMs).toBe(100);
    expect(takeLocally({ atMs: 0, requests: 1, tokens: 100 }, final, buckets, 0.25, 0).waitMs).toBe(0);
  });

  it('allows a call larger than the bucket when it is full', () => {
    const large = { kind: 'final', tokens: 300 } as const;
    expect(takeLocally({ atMs: 0, requests: 4, tokens: 99 }, large, buckets, 0, 0).waitMs).toBeCloseTo(1);
    const taken = takeLocally({ atMs: 0, requests: 4, tokens: 100 }, large, buckets, 0, 0);
    expect(taken).toMatchObject({ waitMs: 0, level: { tokens: -200 } });
  });
});

describe('the limits that are known', () => {
  const told = (requests: number | undefined, tokens: number | undefined) => ({
    requests: { perMinute: requests, remaining: undefined },
    tokens: { perMinute: tokens, remaining: undefined },
  });

  it('are unknown until the engine reports them', () => {
    const limits = new Limits({ requests: undefined, tokens: undefined });
    expect(limits.buckets).toBeUndefined();
    limits.learn(told(600, undefined));
    expect(limits.buckets).toEqual({ requests: bucketFor(600), tokens: undefined });
    limits.learn(told(undefined, 9000));
    expect(limits.buckets).toEqual({ requests: bucketFor(600), tokens: bucketFor(9000) });
  });

  it("are the configured ones regardless of the engine's reports", () => {
    const limits = new Limits({ requests: 60, tokens: undefined });
    limits.learn(told(600, 9000));
    expect(limits.buckets).toEqual({ requests: bucketFor(60), tokens: bucketFor(9000) });
  });
});
