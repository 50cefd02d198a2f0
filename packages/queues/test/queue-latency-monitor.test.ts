import { describe, expect, it } from '@jest/globals';
import { QueueLatencyMonitor } from '../src/index.ts';

/** Looks twice a second. @param oldest what each look finds, in ms; `undefined`: nothing waits */
function looks(oldest: readonly (number | undefined)[], everyMs = 500): boolean[] {
  const monitor = new QueueLatencyMonitor();
  return oldest.map((oldestMs, index) => monitor.observe(oldestMs, 10_000 + index * everyMs));
}

const times = (count: number, oldestMs: number | undefined) => Array<number | undefined>(count).fill(oldestMs);

describe('work that waits', () => {
  it('has waited too long once every look for three seconds has found something older than a second', () => {
    expect(looks(times(8, 1001))).toEqual([...Array<boolean>(6).fill(false), true, true]);
  });

  it('has not where it waits for a second at most, however long that goes on', () => {
    expect(looks(times(30, 1000))).not.toContain(true);
  });

  it('begins anew after a look that found nothing, or nothing so old', () => {
    for (const short of [undefined, 0, 1000]) {
      const found = looks([...times(6, 5000), short, ...times(7, 5000)]);
      expect(found.indexOf(true)).toBe(13);
    }
  });

  it('is over with the first look that finds none', () => {
    expect(looks([...times(8, 5000), undefined, ...times(2, 5000)]).slice(7)).toEqual([true, false, false, false]);
  });

  it('begins anew after a gap between two looks: workers may have stood still as well', () => {
    expect(looks(times(30, 5000), 1501)).not.toContain(true);
    expect(looks(times(30, 5000), 1500)).toContain(true);
  });
});
