import { expect, it } from '@jest/globals';
import { Degradation } from '../../src/sessions/degradation.ts';

it('a reason is told once, holds while it is heard of, and ends after five seconds of silence', () => {
  const degradation = new Degradation();
  expect(degradation.heard('rate-limited', 0, 0)).toBe(true);
  expect(degradation.heard('rate-limited', 1000, 0)).toBe(false);
  expect(degradation.heard('engine-down', 4000, 0)).toBe(true);
  expect(degradation.lapsed(5999)).toEqual([]);
  expect(degradation.reasons).toEqual(['rate-limited', 'engine-down']);
  expect(degradation.lapsed(6000)).toEqual(['rate-limited']);
  expect(degradation.lapsed(6000)).toEqual([]);
  expect(degradation.heard('rate-limited', 6001, 0)).toBe(true);
});

it('a lack of workers ends after fifteen, since it shows more seldom', () => {
  const degradation = new Degradation();
  degradation.heard('overloaded', 0, 0);
  expect(degradation.lapsed(14_999)).toEqual([]);
  expect(degradation.lapsed(15_000)).toEqual(['overloaded']);
});

it('a budget that is spent stays so in silence, until the day of its counting ends', () => {
  const degradation = new Degradation();
  const tenToMidnight = Date.UTC(2026, 0, 1, 23, 50);
  degradation.heard('over-budget', 1000, tenToMidnight);
  expect(degradation.lapsed(1000 + 10 * 60_000 - 1)).toEqual([]);
  expect(degradation.lapsed(1000 + 10 * 60_000)).toEqual(['over-budget']);
});
