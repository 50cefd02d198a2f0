import { describe, expect, it } from '@jest/globals';
import { languageTag } from '../../src/speak/languages/language-tag.ts';

describe('a typed language', () => {
  it.each([
    ['en', 'en'],
    [' en_us ', 'en-US'],
    ['zh_Hant_TW', 'zh-Hant-TW'],
    ['iw', 'he'],
    ['auto', 'und'],
    ['Multi', 'und'],
    ['french', undefined],
    ['English', undefined],
    ['en,es', undefined],
    ['', undefined],
  ])('%j is read as %s', (typed, tag) => {
    expect(languageTag(typed)).toBe(tag);
  });
});
