import { describe, expect, it } from '@jest/globals';
import {
  coveredUnits,
  erasedUnits,
  firstUnits,
  lengthAdaptiveLagMs,
  unchangedSince,
  unitsBehind,
  unitsShorter,
} from '../../src/index.ts';

describe('erasedUnits', () => {
  it.each([
    ['', 'hola', 'es', 0],
    ['hola', 'hola a todos', 'es', 0],
    ['hola a todos', 'hola a', 'es', 1],
    ['hola a todos', '', 'es', 3],
    ['hola a todos', 'hola para todos', 'es', 2],
    ['hola', 'hola.', 'es', 1],
    ['hola a  todos', 'hola a todos', 'es', 0],
    ['大家好', '大家早', 'zh', 1],
  ])('from %j to %j in %s', (before, now, language, erased) => {
    expect(erasedUnits(before, now, language)).toBe(erased);
  });
});

describe('unitsBehind', () => {
  const newest = 'uno dos tres cuatro cinco seis';

  it('is 0 if every translation is shown', () => {
    expect(unitsBehind(newest, newest, 'es')).toBe(0);
  });

  it.each([1, 2, 6])('is %d with mask-k of that k', (k) => {
    expect(unitsBehind(newest, firstUnits(newest, 6 - k, 'es'), 'es')).toBe(k);
  });

  it.each([
    ['', 6],
    ['uno dos', 4],
    ['uno dos tres CUATRO cinco seis', 3],
    ['uno dos tres CUATRO', 3],
    ['uno dos tres cuatro cinco seis siete', 0],
  ])('of a text that shows %j', (shown, behind) => {
    expect(unitsBehind(newest, shown, 'es')).toBe(behind);
  });
});

describe('unitsShorter', () => {
  it.each([
    ['uno dos tres', '', 3],
    ['uno dos tres', 'uno', 2],
    ['uno dos tres', 'UNO DOS', 1],
    ['uno dos tres', 'uno dos tres cuatro', 0],
  ])('of %j when %j is shown', (newest, shown, shorter) => {
    expect(unitsShorter(newest, shown, 'es')).toBe(shorter);
  });
});

describe('coveredUnits', () => {
  it.each([
    ['', 'hola a todos', 'es', 0],
    ['hola a', 'hola a todos', 'es', 2],
    ['todos a hola', 'hola a todos', 'es', 3],
    ['no no', 'no no no sé', 'es', 2],
    ['no no no', 'no sé', 'es', 1],
    ['hola a todos', '', 'es', 0],
    ['好大', '大家好', 'zh', 2],
  ])('of the shown %j, final %j in %s', (shown, final, language, covered) => {
    expect(coveredUnits(shown, final, language)).toBe(covered);
  });
});

describe('unchangedSince', () => {
  const updates: [number, string][] = [
    [100, 'hola a'],
    [200, 'hola para todos'],
    [300, ''],
    [400, 'hola'],
    [500, 'hola para todos'],
  ];
  it.each([
    [1, [100, 100]],
    [2, [100, 200, 200]],
    [3, []],
    [4, [400]],
    [5, [400, 500, 500]],
  ])('after %d updates', (count, expected) => {
    let [shown, sinceMs] = ['', [] as number[]];
    for (const [nowMs, now] of updates.slice(0, count)) {
      sinceMs = unchangedSince(sinceMs, { before: shown, now, nowMs }, 'es');
      shown = now;
    }
    expect(sinceMs).toEqual(expected);
  });
});

describe('lengthAdaptiveLagMs', () => {
  it('is 0 for the ideal translator', () => {
    expect(lengthAdaptiveLagMs([0, 250, 500, 750], 1000)).toBe(0);
  });

  it('is the constant lag of one that follows evenly', () => {
    // All but the first unit are compared; the third needs the whole source and is the last.
    expect(lengthAdaptiveLagMs([500, 750, 1000, 1000], 1000)).toBe(500);
  });

  it('is the duration of the source if nothing is shown before its end', () => {
    expect(lengthAdaptiveLagMs([1000, 1000, 1000, 1000], 1000)).toBe(1000);
  });

  it('uses the length of a longer reference', () => {
    // Ideal: a unit every 125 ms. Lags: 0, 125, 250, 375.
    expect(lengthAdaptiveLagMs([0, 250, 500, 750], 1000, 8)).toBe(187.5);
    expect(lengthAdaptiveLagMs([0, 250, 500, 750], 1000, 2)).toBe(0);
  });

  it('includes the time after the end of the source', () => {
    expect(lengthAdaptiveLagMs([1200], 1000)).toBe(1200);
  });

  it('does not exist without units or without a source', () => {
    expect(lengthAdaptiveLagMs([], 1000)).toBeUndefined();
    expect(lengthAdaptiveLagMs([0], 0)).toBeUndefined();
  });
});
