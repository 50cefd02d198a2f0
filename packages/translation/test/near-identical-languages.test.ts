import { expect, it } from '@jest/globals';
import { areNearIdentical } from '../src/guard/near-identical-languages.ts';

it.each([
  ['en', 'en-GB', true],
  ['pt', 'pt-BR', true],
  ['zh-TW', 'zh-HK', true],
  ['gl', 'pt', true],
  ['nb', 'da', true],
  ['und', 'es', true],
  ['zh-Hans', 'zh-Hant', false],
  ['sr', 'sr-Latn', false],
  ['en', 'es', false],
])('whether a sentence may be the same in %s and %s: %s', (one, other, expected) => {
  expect(areNearIdentical(one, other)).toBe(expected);
});
