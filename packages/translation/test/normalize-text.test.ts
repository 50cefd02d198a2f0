import { expect, it } from '@jest/globals';
import { normalizeText } from '../src/index.ts';

it.each([
  ['  Good \t\n morning  ', 'Good morning'],
  ['cafe\u0301', 'caf\u00e9'],
  ['a\u00a0b\u3000c', 'a b c'],
  [' \n ', ''],
  ['\u200b\u2060', ''],
  [' \u00ad\u200e\u200f ', ''],
  ['\ufeff\u0000\ufe0f', ''],
  ['\u3164\uffa0\u115f', ''],
  ['\u2800 \u{e0020}', ''],
  ['👨\u200d👩\u200d👧', '👨\u200d👩\u200d👧'],
  ['می\u200cخواهم', 'می\u200cخواهم'],
  ['Good morning', 'Good morning'],
])('normalizeText(%j)', (text, expected) => {
  expect(normalizeText(text)).toBe(expected);
  expect(normalizeText(expected)).toBe(expected);
});
