import { describe, expect, it } from '@jest/globals';
import { storageOf } from '../../src/page/browser-storage.ts';

describe('what a browser keeps', () => {
  it('is read back until it is removed', () => {
    const kept = new Map<string, string>();
    const storage = storageOf(() => ({
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, text) => void kept.set(key, text),
      removeItem: (key) => void kept.delete(key),
    }));
    expect(storage.read('a')).toBeNull();
    expect(storage.write('a', 'b')).toBe(true);
    expect(storage.read('a')).toBe('b');
    storage.remove('a');
    expect(storage.read('a')).toBeNull();
  });

  it('is nothing where it keeps nothing', () => {
    const storage = storageOf(() => {
      throw new Error('blocked');
    });
    expect(storage.read('a')).toBeNull();
    expect(storage.write('a', 'b')).toBe(false);
    expect(() => storage.remove('a')).not.toThrow();
  });
});
