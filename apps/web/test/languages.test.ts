import { describe, expect, it } from '@jest/globals';
import { languageLabel, languageTag } from '../public/languages.js';

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

  it('has a label, even if it is to be detected', () => {
    expect(languageLabel('pt-BR')).toBe('Brazilian Portuguese (pt-BR)');
    expect(languageLabel('und')).toBe('Detected (und)');
  });
});
