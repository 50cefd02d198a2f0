import { describe, expect, it } from '@jest/globals';
import { QueueLatencyMonitor } from '../src/index.ts';

/** Adds one sample per entry, by default twice a second. `undefined`: no job waits. */
function observeAll(oldest: readonly (number | undefined)[], everyMs = 500): boolean[] {
  const monitor = new QueueLatencyMonitor();
  return oldest.map((oldestMs, index) => monitor.observe(oldestMs, 10_000 + index * everyMs));
}

const repeat = (count: number, oldestMs: number | undefined) => Array<number | undefined>(count).fill(oldestMs);

describe('QueueLatencyMonitor', () => {
  it('reports lag after three seconds of samples older than one second', () => {
    expect(observeAll(repeat(8, 1001))).toEqual([...Array<boolean>(6).fill(false), true, true]);
  });

  it('reports no lag for waits of at most one second', () => {
    expect(observeAll(repeat(30, 1000))).not.toContain(true);
  });

  it('restarts after a sample without an old job', () => {
    for (const short of [undefined, 0, 1000]) {
      const found = observeAll([...repeat(6, 5000), short, ...repeat(7, 5000)]);
      expect(found.indexOf(true)).toBe(13);
    }
  });

  it('stops reporting lag at the first sample without an old job', () => {
    expect(observeAll([...repeat(8, 5000), undefined, ...repeat(2, 5000)]).slice(7)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('restarts after a gap between samples', () => {
    expect(observeAll(repeat(30, 5000), 1501)).not.toContain(true);
    expect(observeAll(repeat(30, 5000), 1500)).toContain(true);
  });
});
