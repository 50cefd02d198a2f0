import { expect, it } from '@jest/globals';
import { RefusalThinner, type Refused } from '../../src/refusals/refusal-thinner.ts';

const wrongKey = (address: string): Refused => ({ reason: 'wrong-key', source: { address } });

it('logs one refusal for each reason and source in a window, and counts the others', () => {
  const thinner = new RefusalThinner({ windowMs: 10, maxWindows: 100 });
  const admit = (refused: Refused, nowMs: number): boolean => thinner.admit(refused, refused.source.address, nowMs);
  expect([0, 1, 2].map((nowMs) => admit(wrongKey('a'), nowMs))).toEqual([true, false, false]);
  expect(admit({ reason: 'wrong-code', source: { address: 'a' } }, 3)).toBe(true);
  expect(admit(wrongKey('b'), 3)).toBe(true);
  expect(thinner.expire(9)).toEqual([]);
  expect(thinner.expire(10)).toEqual([{ ...wrongKey('a'), omitted: 2 }]);
  expect(admit(wrongKey('a'), 10)).toBe(true);
  expect(admit(wrongKey('b'), 12)).toBe(false);
  expect(thinner.expire(20)).toEqual([{ ...wrongKey('b'), omitted: 1 }]);
});

it('keeps no more windows than allowed, and counts further sources together', () => {
  const thinner = new RefusalThinner({ windowMs: 10, maxWindows: 3 });
  const admitted = Array.from({ length: 1000 }, (_, index) => thinner.admit(wrongKey('x'), `source ${index}`, 0));
  expect(admitted.filter(Boolean)).toHaveLength(3);
  expect(thinner.admit({ reason: 'wrong-code', source: { address: 'y' } }, 'y', 0)).toBe(false);
  expect(thinner.expire(5)).toEqual([
    { reason: 'wrong-key', source: undefined, omitted: 997 },
    { reason: 'wrong-code', source: undefined, omitted: 1 },
  ]);
  expect(thinner.expire(10)).toEqual([]);
  expect(thinner.admit(wrongKey('x'), 'source 999', 10)).toBe(true);
});
