import { describe, expect, it } from '@jest/globals';
import { WorkerSigns } from '../../src/sessions/worker-signs.ts';

/** The same sign at every look, twice a second; what each one says. */
function look(signs: WorkerSigns, sign: string | undefined, fromMs: number, toMs: number): boolean[] {
  const verdicts: boolean[] = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 500) verdicts.push(signs.saw(sign, nowMs));
  return verdicts;
}

const notYet = Array<boolean>(10).fill(false);

describe('there is no worker', () => {
  it('when its sign has stayed the same for five seconds, until there is a new one', () => {
    const signs = new WorkerSigns();
    expect(signs.saw('1', 0)).toBe(false);
    expect(look(signs, '2', 500, 6000)).toEqual([...notYet, true, true]);
    expect(signs.saw('3', 6500)).toBe(false);
  });

  it('also where there never was one', () => {
    const signs = new WorkerSigns();
    expect(look(signs, undefined, 100, 5100)).toEqual([...notYet, true]);
    expect(signs.saw('1', 5200)).toBe(false);
  });

  it('not by a time in which Redis did not tell', () => {
    const signs = new WorkerSigns();
    look(signs, '1', 0, 4500);
    signs.sawNothing();
    expect(look(signs, '1', 5000, 10_000)).toEqual([...notYet, true]);
  });

  it('not by a time in which nobody looked, or Redis took long to tell', () => {
    const signs = new WorkerSigns();
    look(signs, '1', 0, 3000);
    expect(signs.saw('1', 4500)).toBe(false);
    expect(look(signs, '1', 6001, 11_001)).toEqual([...notYet, true]);
  });
});
