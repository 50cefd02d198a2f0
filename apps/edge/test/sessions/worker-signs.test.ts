import { describe, expect, it } from '@jest/globals';
import { WorkerSigns } from '../../src/sessions/worker-signs.ts';

describe('there is no worker', () => {
  it('when its sign has stayed the same for five seconds, until there is a new one', () => {
    const signs = new WorkerSigns();
    expect(signs.saw('1', 0)).toBe(false);
    expect(signs.saw('2', 500)).toBe(false);
    expect(signs.saw('2', 5499)).toBe(false);
    expect(signs.saw('2', 5500)).toBe(true);
    expect(signs.saw('2', 9000)).toBe(true);
    expect(signs.saw('3', 9500)).toBe(false);
  });

  it('also where there never was one', () => {
    const signs = new WorkerSigns();
    expect(signs.saw(undefined, 100)).toBe(false);
    expect(signs.saw(undefined, 5100)).toBe(true);
    expect(signs.saw('1', 5200)).toBe(false);
  });

  it('not by a time in which Redis did not tell', () => {
    const signs = new WorkerSigns();
    signs.saw('1', 0);
    signs.sawNothing();
    expect(signs.saw('1', 20_000)).toBe(false);
    expect(signs.saw('1', 25_000)).toBe(true);
  });
});
