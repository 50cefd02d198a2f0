import { describe, expect, it } from '@jest/globals';
import { latencyModel, replyMs } from '../src/latency.ts';
import { seededRandom } from '../src/seeded-random.ts';

const replies = 20_000;

function draw(latency: Parameters<typeof latencyModel>[0], tokens: number, count = replies): number[] {
  const next = latencyModel(latency, seededRandom(1));
  return Array.from({ length: count }, () => replyMs(next(), tokens));
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
}

function expectWithin(value: number, wanted: number, share: number): void {
  expect(Math.abs(value - wanted) / wanted).toBeLessThan(share);
}

describe('the latency model', () => {
  it.each([
    ['fast', 180, 350],
    ['typical', 600, 1400],
  ] as const)(
    'gives a sentence of 15 tokens the median and 95th percentile of its profile: %s',
    (name, median, p95) => {
      const times = draw(name, 15);
      expectWithin(quantile(times, 0.5), median, 0.03);
      expectWithin(quantile(times, 0.95), p95, 0.03);
    },
  );

  it('adds the time of each further token to that of the first', () => {
    const times = draw({ firstToken: { medianMs: 100, p95Ms: 200 }, perToken: { medianMs: 5, p95Ms: 10 } }, 21);
    expectWithin(quantile(times, 0.5), 200, 0.03);
    expectWithin(quantile(times, 0.95), 400, 0.03);
  });

  it("assigns 60% of a profile's time to the first token", () => {
    const timing = latencyModel('fast', seededRandom(3))();
    expect(timing.firstTokenMs / replyMs(timing, 15)).toBeCloseTo(0.6);
  });

  it('is zero by default, and for missing tokens', () => {
    expect(draw('none', 100, 1)).toEqual([0]);
    expect(replyMs({ firstTokenMs: 7, perTokenMs: 3 }, 0)).toBe(7);
  });

  it('equals the median if the 95th percentile does', () => {
    const times = draw({ firstToken: { medianMs: 20, p95Ms: 20 }, perToken: { medianMs: 2, p95Ms: 2 } }, 6, 100);
    expect(new Set(times)).toEqual(new Set([30]));
  });

  it('is reproducible with the same seed, and differs with another', () => {
    const series = (seed: number): unknown[] => {
      const next = latencyModel('typical', seededRandom(seed));
      return [next(), next(), next()];
    };
    expect(series(5)).toEqual(series(5));
    expect(series(5)).not.toEqual(series(6));
  });
});
