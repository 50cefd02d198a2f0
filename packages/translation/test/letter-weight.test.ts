import { expect, it } from '@jest/globals';
import { characterWeight, letterWeight } from '../src/letter-weight.ts';

it.each([
  ['a', 1],
  ['é', 1],
  ['ม', 1],
  ['あ', 2],
  ['カ', 2],
  ['한', 2],
  ['語', 3],
  ['。', 1],
  ['😀', 2],
  // A Han character of two UTF-16 units.
  ['𠀀', 4],
])('%s weighs as much alone as in a text', (character, weight) => {
  expect(characterWeight(character)).toBe(weight);
  expect(letterWeight(character)).toBe(weight);
  expect(letterWeight(character.repeat(3))).toBe(3 * weight);
});
