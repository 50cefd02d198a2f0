import { expect, it } from '@jest/globals';
import { formatCount, formatDuration, formatMoney, formatShare } from '../../src/overview/format.ts';

it('formats durations with few digits', () => {
  const [minute, hour] = [60_000, 3_600_000];
  const durations = [0, 499.6, 1000, 9900, 10_000, 119_000, 2 * minute, 119 * minute, 2 * hour, 47 * hour, 72 * hour];
  expect(durations.map(formatDuration)).toEqual([
    '0 ms',
    '500 ms',
    '1.0 s',
    '9.9 s',
    '10 s',
    '119 s',
    '2 min',
    '119 min',
    '2 h',
    '47 h',
    '3 days',
  ]);
});

it('formats counts, shares and money', () => {
  expect(formatCount(1_234_567)).toBe('1,234,567');
  expect(formatShare(0.256)).toBe('26%');
  expect(formatMoney(1_234_567)).toBe('1.2346');
});
