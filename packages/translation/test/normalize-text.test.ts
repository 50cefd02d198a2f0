import { expect, it } from '@jest/globals';
import { normalizeText } from '../src/index.ts';

it.each([
  ['  Good \t\n morning  ', 'Good morning'],
  ['cafe\u0301', 'caf\u00e9'],
  ['a\u00a0b\u3000c', 'a b c'],
  [' \n ', ''],
  ['Good morning', 'Good morning'],
])('normalizeText(%j)', (text, expected) => {
  expect(normalizeText(text)).toBe(expected);
  expect(normalizeText(expected)).toBe(expected);
});
