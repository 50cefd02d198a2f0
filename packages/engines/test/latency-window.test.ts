import { describe, expect, it } from '@jest/globals';
import { LatencyWindow } from '../src/failover/hedging/latency-window.ts';

describe('LatencyWindow', () => {
  it.each([
    [[], 0.95, undefined],
    [[7], 0.95, 7],
    [[3, 1, 2], 0.5, 2],
    [Array.from({ length: 100 }, (_, index) => index + 1), 0.95, 95],
    [Array.from({ length: 20 }, (_, index) => index + 1), 0.95, 19],
    [[1, 2, 3], 1, 3],
  ])('of %j the %d quantile is %s', (latencies, share, expected) => {
    const window = new LatencyWindow(100);
    for (const latency of latencies) window.add(latency);
    expect(window.quantile(share)).toBe(expected);
  });

  it('forgets all but the last', () => {
    const window = new LatencyWindow(3);
    for (const latency of [900, 1, 2, 3]) window.add(latency);
    expect(window.quantile(1)).toBe(3);
    expect(window.count).toBe(3);
  });
});
