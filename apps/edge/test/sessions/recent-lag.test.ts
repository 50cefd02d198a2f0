import { expect, it } from '@jest/globals';
import { RecentLag } from '../../src/sessions/recent-lag.ts';

it('is what 95% of the last translations did not exceed', () => {
  const lag = new RecentLag();
  expect(lag.p95Ms(0)).toBeUndefined();
  lag.add(300, 0);
  expect(lag.p95Ms(0)).toBe(300);
  for (let count = 1; count <= 40; count += 1) lag.add(count, 10);
  // 41 translations: two may be slower.
  expect(lag.p95Ms(10)).toBe(39);
});

it('forgets what is older than a minute', () => {
  const lag = new RecentLag();
  lag.add(900, 0);
  lag.add(100, 30_000);
  expect(lag.p95Ms(60_000)).toBe(900);
  expect(lag.p95Ms(60_001)).toBe(100);
  expect(lag.p95Ms(90_001)).toBeUndefined();
});

it('keeps the last 64 only', () => {
  const lag = new RecentLag();
  for (let count = 0; count < 64; count += 1) lag.add(5000, count);
  for (let count = 0; count < 64; count += 1) lag.add(100, 100 + count);
  expect(lag.p95Ms(200)).toBe(100);
  lag.add(700, 201);
  lag.add(700, 202);
  lag.add(700, 203);
  lag.add(700, 204);
  expect(lag.p95Ms(205)).toBe(700);
});
