import { describe, expect, it } from '@jest/globals';
import { commonUnits, firstUnits, readingUnits } from '../../src/index.ts';

describe('readingUnits', () => {
  it.each([
    ['Bon dia, gent.', 'ca', ['Bon', 'dia,', 'gent.']],
    ['  Bon \t\n dia ', 'ca', ['Bon', 'dia']],
    ['', 'es', []],
    [' ', 'ja', []],
    ['좋은 아침입니다', 'ko', ['좋은', '아침입니다']],
    ['大家 好。', 'zh', ['大', '家', '好', '。']],
    ['大家好', 'zh-TW', ['大', '家', '好']],
    ['早晨', 'yue', ['早', '晨']],
    ['が👨‍👩‍👧は', 'ja', ['が', '👨‍👩‍👧', 'は']],
    ['สวัสดี', 'th', ['ส', 'วั', 'ส', 'ดี']],
    ['ສະບາຍດີ', 'lo', ['ສ', 'ະ', 'ບ', 'າ', 'ຍ', 'ດີ']],
    ['សួស្តី', 'km', ['សួ', 'ស្តី']],
    ['မင်္ဂလာပါ', 'my', ['မ', 'င်္ဂ', 'လ', 'ာ', 'ပ', 'ါ']],
    ['nǐ hǎo', 'zh-Latn', ['nǐ', 'hǎo']],
    ['Добро јутро', 'sr', ['Добро', 'јутро']],
    ['good morning', 'und', ['good', 'morning']],
  ])('of %j in %s', (text, language, units) => {
    expect(readingUnits(text, language)).toEqual(units);
  });
});

describe('commonUnits', () => {
  it.each([
    [[], ['a'], 0],
    [['a', 'b'], ['a', 'b'], 2],
    [['a', 'b'], ['a', 'b', 'c'], 2],
    [['a', 'b', 'c'], ['a', 'b'], 2],
    [['a', 'x', 'c'], ['a', 'b', 'c'], 1],
    [['A'], ['a'], 0],
  ])('of %j and %j', (one, other, common) => {
    expect(commonUnits(one, other)).toBe(common);
  });
});

describe('firstUnits', () => {
  it.each([
    ['Bon  dia, gent. ', 2, 'ca', 'Bon  dia,'],
    ['Bon dia, gent. ', 9, 'ca', 'Bon dia, gent.'],
    ['Bon dia', 0, 'ca', ''],
    ['Bon dia', -1, 'ca', ''],
    ['', 3, 'ca', ''],
    ['大家 好', 3, 'zh', '大家 好'],
    ['大家 好', 2, 'zh', '大家'],
  ])('of %j, %d in %s', (text, count, language, expected) => {
    expect(firstUnits(text, count, language)).toBe(expected);
  });

  it('of a text in an unknown language depend on its script', () => {
    expect(readingUnits('大家好', 'und')).toEqual(['大', '家', '好']);
    expect(readingUnits('Bon dia', 'und')).toEqual(['Bon', 'dia']);
  });
});
