import { describe, expect, it } from '@jest/globals';
import { restartDelayMs } from '../../src/up/restart-policy.ts';

describe('restartDelayMs', () => {
  it('waits longer each time, and gives up at the fourth end within a minute', () => {
    const ends = [0, 1000, 2000, 3000];
    expect(ends.map((nowMs, index) => restartDelayMs(ends.slice(0, index + 1), nowMs))).toEqual([
      250,
      1000,
      4000,
      undefined,
    ]);
  });

  it('forgets what was more than a minute ago', () => {
    expect(restartDelayMs([0, 1000, 2000, 70_000], 70_000)).toBe(250);
  });
});
