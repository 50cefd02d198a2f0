import { describe, expect, it } from '@jest/globals';
import { Faults, findFaultIndex, type Fault, type FaultSubject } from '../src/faults/faults.ts';
import { seededRandom } from '../src/seeded-random.ts';

const hello: FaultSubject = { target: 'es', texts: ['Hello.'], batch: false };
const unavailable = { status: 503 };

describe('findFaultIndex', () => {
  it.each<[Fault, FaultSubject, boolean]>([
    [{ effect: unavailable }, hello, true],
    [{ effect: unavailable, target: 'fr' }, hello, false],
    [{ effect: unavailable, text: 'Hello.', target: 'es' }, hello, true],
    [{ effect: unavailable, text: 'Hello' }, hello, false],
    [{ effect: unavailable, text: 'Two.' }, { ...hello, texts: ['One.', 'Two.'], batch: true }, true],
    [{ effect: unavailable, times: 0 }, hello, false],
    [{ effect: { effect: 'wrong-length' } }, hello, false],
    [{ effect: { effect: 'broken-json' } }, { ...hello, batch: true }, true],
    [{ effect: unavailable, share: 0.3 }, hello, false],
    [{ effect: unavailable, share: 0.6 }, hello, true],
  ])('matches text, target and batch: %j', (fault, request, strikes) => {
    expect(findFaultIndex([fault], request, 0.5)).toBe(strikes ? 0 : -1);
  });

  it('returns the oldest match, and treats shares as adjacent intervals', () => {
    const faults: Fault[] = [
      { share: 0.2, effect: { status: 500 } },
      { share: 0.3, effect: { effect: 'hang' } },
      { effect: { reply: '' }, text: 'Hello.' },
    ];
    expect([0, 0.19, 0.2, 0.49, 0.5, 0.99].map((drawn) => findFaultIndex(faults, hello, drawn))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
  });

  it('respects shares, and is reproducible with the same seed', () => {
    const rates = [
      { share: 0.1, effect: unavailable },
      { share: 0.05, effect: { slowMs: 100 } },
    ];
    const faultConnections = (seed: number) => {
      const faults = new Faults(rates, seededRandom(seed));
      return Array.from({ length: 10_000 }, () => faults.strike(hello));
    };
    const once = faultConnections(5);
    expect(faultConnections(5)).toEqual(once);
    expect(faultConnections(6)).not.toEqual(once);
    const share = (wanted: (effect: object) => boolean) =>
      once.filter((effect) => effect !== undefined && wanted(effect)).length / once.length;
    expect(share((effect) => 'status' in effect)).toBeCloseTo(0.1, 1);
    expect(share((effect) => 'slowMs' in effect)).toBeCloseTo(0.05, 1);
  });
});
