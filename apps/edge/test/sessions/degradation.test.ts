import { expect, it } from '@jest/globals';
import { Degradation } from '../../src/sessions/degradation.ts';

it('reports a reason once and ends it after five seconds of silence', () => {
  const degradation = new Degradation();
  expect(degradation.report('rate-limited', 0, 0)).toBe(true);
  expect(degradation.report('rate-limited', 1000, 0)).toBe(false);
  expect(degradation.report('engine-down', 4000, 0)).toBe(true);
  expect(degradation.removeLapsed(5999)).toEqual([]);
  expect(degradation.reasons).toEqual(['rate-limited', 'engine-down']);
  expect(degradation.removeLapsed(6000)).toEqual(['rate-limited']);
  expect(degradation.removeLapsed(6000)).toEqual([]);
  expect(degradation.report('rate-limited', 6001, 0)).toBe(true);
});

it('ends overloaded after fifteen seconds', () => {
  const degradation = new Degradation();
  degradation.report('overloaded', 0, 0);
  expect(degradation.removeLapsed(14_999)).toEqual([]);
  expect(degradation.removeLapsed(15_000)).toEqual(['overloaded']);
});

it('keeps over-budget until the end of the day', () => {
  const degradation = new Degradation();
  const tenToMidnight = Date.UTC(2026, 0, 1, 23, 50);
  degradation.report('over-budget', 1000, tenToMidnight);
  expect(degradation.removeLapsed(1000 + 10 * 60_000 - 1)).toEqual([]);
  expect(degradation.removeLapsed(1000 + 10 * 60_000)).toEqual(['over-budget']);
});
