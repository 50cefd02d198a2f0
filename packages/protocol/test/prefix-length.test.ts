import { describe, expect, it } from '@jest/globals';
import { prefixLength } from '../src/index.ts';

describe('the length of a prefix', () => {
  it.each([
    ['within the text', 'hola', 2, 2],
    ['the whole text', 'hola 👋', 7, 7],
    ['beyond the text', 'hola', 9, 4],
    ['below 0', 'hola', -3, 0],
    ['a fraction', 'hola', 2.7, 2],
    ['after a surrogate pair', '👋👋', 2, 2],
    ['within a surrogate pair', '👋👋', 3, 2],
    ['within the first surrogate pair', '👋', 1, 0],
    ['no text', '', 4, 0],
  ])('%s', (_what, text, length, expected) => {
    expect(prefixLength(text, length)).toBe(expected);
  });
});
