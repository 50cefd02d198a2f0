import { describe, expect, it } from '@jest/globals';
import { segmentsToGiveUp } from '../src/partials/decide-share.ts';

describe('a thread', () => {
  it('gives nothing up while it is alone, or holds about its share', () => {
    expect(segmentsToGiveUp(300, { threads: 1, held: 300 })).toBe(0);
    expect(segmentsToGiveUp(110, { threads: 3, held: 300 })).toBe(0);
    expect(segmentsToGiveUp(4, { threads: 2, held: 4 })).toBe(0);
    expect(segmentsToGiveUp(0, { threads: 2, held: 300 })).toBe(0);
  });

  it('gives up what is beyond its share, not all at once', () => {
    expect(segmentsToGiveUp(300, { threads: 2, held: 300 })).toBe(32);
    expect(segmentsToGiveUp(60, { threads: 2, held: 80 })).toBe(20);
  });

  it('comes to its share though it takes back half of what it gives, and stays there', () => {
    let own = 300;
    let other = 0;
    let looks = 0;
    for (; looks < 60; looks++) {
      const given = segmentsToGiveUp(own, { threads: 2, held: own + other });
      if (given === 0) break;
      own -= given - Math.ceil(given / 2);
      other = 300 - own;
    }
    expect(looks).toBeLessThan(12);
    expect(segmentsToGiveUp(other, { threads: 2, held: 300 })).toBe(0);
    expect(own).toBeLessThan(190);
  });
});
