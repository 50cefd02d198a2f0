import { describe, expect, it } from '@jest/globals';
import { seededRandom } from './harness/seeded-random.ts';
import { keyFamily } from './soak/key-census.ts';
import { Problems } from './soak/problems.ts';
import { failuresOf, reportText } from './soak/report-text.ts';
import { Series } from './soak/series.ts';
import { zeroCounts } from './soak/soak-counts.ts';
import { trendOf, type Sample } from './soak/trend.ts';
import { verdictOf } from './soak/verdict.ts';

const everyTenSeconds = (count: number, valueAt: (hours: number, index: number) => number): Sample[] =>
  Array.from({ length: count }, (_, index) => ({
    atMs: index * 10_000,
    value: valueAt((index * 10_000) / 3_600_000, index),
  }));

/** Noise in which each value keeps this share of the one before. */
function noise(seed: number, kept: number): () => number {
  const random = seededRandom(seed);
  let last = 0;
  return () => (last = kept * last + random() + random() + random() - 1.5);
}

describe('trendOf', () => {
  it('finds the mean and the slope of a line', () => {
    const trend = trendOf(everyTenSeconds(361, (hours) => 100 + 12 * hours));
    expect(trend?.mean).toBeCloseTo(106);
    expect(trend?.perHour).toBeCloseTo(12);
    expect(trend?.standardError).toBeCloseTo(0);
  });

  it('has an error of zero for a constant value', () => {
    expect(trendOf(everyTenSeconds(10, () => 7))).toEqual({ mean: 7, perHour: 0, standardError: 0 });
  });

  it('needs three samples', () => {
    expect(trendOf(everyTenSeconds(2, () => 1))).toBeUndefined();
    expect(trendOf(everyTenSeconds(3, () => 1))).toBeDefined();
  });

  it('has the standard error of independent samples as textbooks compute it', () => {
    // Residuals 1, -1, -1, 1 of a line with slope 0: their correlation is negative, which counts as none.
    const trend = trendOf([1, -1, -1, 1].map((value, index) => ({ atMs: index * 3_600_000, value })));
    expect(trend?.standardError).toBeCloseTo(Math.sqrt(4 / 2 / 5));
  });

  it.each([0, 0.9])(
    'is within two standard errors of the truth in nine of ten runs, with %s of the noise kept',
    (kept) => {
      const isWithin = Array.from({ length: 200 }, (_, seed) => {
        const next = noise(seed, kept);
        const trend = trendOf(everyTenSeconds(300, (hours) => 150 + 5 * hours + next()));
        return trend !== undefined && Math.abs(trend.perHour - 5) <= 2 * trend.standardError;
      });
      expect(isWithin.filter(Boolean).length).toBeGreaterThanOrEqual(180);
      expect(isWithin.filter(Boolean).length).toBeLessThan(200);
    },
  );
});

describe('verdictOf', () => {
  it.each([
    ['flat', { mean: 100, perHour: 0, standardError: 0 }],
    ['flat', { mean: 100, perHour: -50, standardError: 20 }],
    ['flat', { mean: 100, perHour: 3, standardError: 1 }],
    ['unclear', { mean: 100, perHour: 3, standardError: 1.1 }],
    ['unclear', { mean: 100, perHour: 7, standardError: 1.1 }],
    ['growing', { mean: 100, perHour: 7, standardError: 0.9 }],
    ['unclear', undefined],
  ])('is %s for %j', (verdict, trend) => {
    expect(verdictOf(trend)).toBe(verdict);
  });
});

describe('keyFamily', () => {
  it.each([
    ['{s:a1B2-c3}:session', '{s:*}:session'],
    ['{s:a1B2-c3}:segment:12', '{s:*}:segment:*'],
    ['{s:probe-a1B2-0}:log', '{s:probe-*}:log'],
    ['bull:{parley-final-0}:meta', 'bull:{parley-final-0}:meta'],
    ['bull:{parley-final-0}:a1.7.es.12', 'bull:{parley-final-0}:*'],
    ['join:Zm9vYmFyYmF6cXV4cXV1eGNvcmdl', 'join:*'],
    ['tenant:default:credits', 'tenant:default:credits'],
  ])('of %s is %s', (key, family) => {
    expect(keyFamily(key)).toBe(family);
  });
});

describe('Series', () => {
  it('returns trends from a time on, and leaves out what is missing or counts it as a number', () => {
    const [left, counted] = [new Series(), new Series(0)];
    for (const series of [left, counted]) {
      series.add(0, new Map([['a', 100]]));
      for (const index of [1, 2, 3, 4]) series.add(index * 10_000, new Map(index === 1 ? [] : [['a', 6]]));
    }
    expect(left.trends(10_000).get('a')?.mean).toBe(6);
    expect(counted.trends(10_000).get('a')?.mean).toBe(4.5);
    expect(left.trends(30_000).get('a')).toBeUndefined();
  });
});

describe('the report of a soak run', () => {
  const flat = { mean: 100, perHour: 0, standardError: 1 };
  const growing = { mean: 100, perHour: 30, standardError: 1 };
  const report = (lasting: typeof flat, problems: Problems) => ({
    counts: zeroCounts(),
    problems,
    fromMinute: 10,
    lasting: new Map([['edge, resident MiB', lasting]]),
    restarted: new Map([['edge 2, resident MiB', growing]]),
    keys: new Map([['{s:*}:session', growing]]),
  });

  it('fails for what grows in lasting processes only', () => {
    expect(failuresOf(report(flat, new Problems()))).toEqual([]);
    expect(failuresOf(report(growing, new Problems()))).toEqual(['edge, resident MiB: growing']);
  });

  it('fails for problems, of which it lists a hundred', async () => {
    const problems = new Problems();
    await problems.watch('a step', () => Promise.reject(new Error('broken')));
    for (let count = 0; count < 120; count++) problems.add('lost');
    const failures = failuresOf(report(flat, problems));
    expect(failures[0]).toBe('a step: broken');
    expect(failures.slice(-1)).toEqual(['and 21 more problems']);
    expect(failures).toHaveLength(101);
  });

  it('prints slopes with their errors', () => {
    expect(reportText(report(growing, new Problems()))).toMatch(
      /edge, resident MiB +\| 100\.0 \| \+30\.0 +\| 1\.0 +\| growing/,
    );
  });
});
