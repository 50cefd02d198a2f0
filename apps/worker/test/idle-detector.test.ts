import { describe, expect, it } from '@jest/globals';
import { IdleDetector, type IdleSample } from '../src/supervisor/idle-detector.ts';

const waiting = { oldestMs: 6000, taken: 0, isFull: false } satisfies Partial<IdleSample>;

/** The results of one sample a second. */
function observeAll(samples: readonly Omit<IdleSample, 'nowMs'>[], everyMs = 1000): boolean[] {
  const detector = new IdleDetector();
  return samples.map((sample, index) => detector.observe({ ...sample, nowMs: index * everyMs }));
}

const times = <Item>(count: number, item: Item): Item[] => Array.from({ length: count }, () => item);

describe('a thread', () => {
  it('is stuck after it has taken nothing for five seconds while jobs waited', () => {
    expect(observeAll(times(7, waiting))).toEqual([false, false, false, false, false, true, true]);
  });

  it.each([
    ['jobs wait only briefly', { ...waiting, oldestMs: 4000 }],
    ['no job waits', { ...waiting, oldestMs: undefined }],
    ['it has as many jobs as it may', { ...waiting, isFull: true }],
  ])('is not stuck while %s', (_what, sample) => {
    expect(observeAll(times(20, sample))).not.toContain(true);
  });

  it('is not stuck while it takes jobs', () => {
    expect(observeAll(times(20, waiting).map((sample, index) => ({ ...sample, taken: index })))).not.toContain(true);
    const once = [...times(5, waiting), ...times(5, { ...waiting, taken: 1 })];
    expect(observeAll(once)).not.toContain(true);
  });

  it('is not stuck after an outage, during which there are no samples', () => {
    expect(observeAll(times(20, waiting), 3000)).not.toContain(true);
  });
});
