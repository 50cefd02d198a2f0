import { describe, expect, it } from '@jest/globals';
import { actionOf } from '../../src/listen/keys.ts';
import { readPreferences, rememberPreferences } from '../../src/listen/preferences.ts';
import { nextSizePercent } from '../../src/listen/text-size.ts';
import { themeOf } from '../../src/page/theme-choice.ts';

describe('the size of the captions', () => {
  it('grows and shrinks in steps that can be undone', () => {
    const larger = [1, 1, 1].reduce<number>((size) => nextSizePercent(size, 1), 100);
    expect(larger).toBe(152);
    expect([1, 1, 1].reduce<number>((size) => nextSizePercent(size, -1), larger)).toBe(100);
  });

  it('has bounds, from which it comes back', () => {
    expect(nextSizePercent(400, 1)).toBe(400);
    expect(nextSizePercent(400, -1)).toBeLessThan(400);
    expect(nextSizePercent(40, -1)).toBe(40);
    expect(nextSizePercent(40, 1)).toBeGreaterThan(40);
  });
});

describe('keys', () => {
  it.each([
    ['+', 'larger'],
    ['=', 'larger'],
    ['-', 'smaller'],
    ['f', 'fullScreen'],
    ['F', 'fullScreen'],
    ['End', 'newest'],
    ['x', undefined],
    ['Tab', undefined],
  ])('%s does: %s', (key, action) => {
    expect(actionOf(key)).toBe(action);
  });
});

describe('what a browser remembers', () => {
  it('comes back', () => {
    const kept = new Map<string, string>();
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    };
    rememberPreferences({ languages: ['ar', 'es'], sizePercent: 152 }, () => storage);
    expect(readPreferences(() => storage)).toEqual({ languages: ['ar', 'es'], sizePercent: 152 });
  });

  it.each([['nothing'], ['{"languages":"es","sizePercent":"x"}'], ['{"languages":[7],"sizePercent":-1}'], ['null']])(
    'is nothing if the storage has: %s',
    (text) => {
      expect(readPreferences(() => ({ getItem: () => text }))).toEqual({ languages: [], sizePercent: 100 });
    },
  );

  it('may be nothing at all', () => {
    const closed = (): never => {
      throw new Error('the storage is closed');
    };
    expect(readPreferences(closed)).toEqual({ languages: [], sizePercent: 100 });
    expect(() => rememberPreferences({ languages: [], sizePercent: 1 }, closed)).not.toThrow();
    expect([themeOf('dark'), themeOf('pink'), themeOf(null)]).toEqual(['dark', 'system', 'system']);
  });
});
