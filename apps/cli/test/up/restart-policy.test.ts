import { describe, expect, it } from '@jest/globals';
import { restartDelayMs } from '../../src/up/restart-policy.ts';

describe('restartDelayMs', () => {
  it('increases the delay, and gives up at the fourth exit within a minute', () => {
    const exits = [0, 1000, 2000, 3000];
    expect(exits.map((nowMs, index) => restartDelayMs(exits.slice(0, index + 1), nowMs))).toEqual([
      250,
      1000,
      4000,
      undefined,
    ]);
  });

  it('ignores exits more than a minute ago', () => {
    expect(restartDelayMs([0, 1000, 2000, 70_000], 70_000)).toBe(250);
  });
});
