import { describe, expect, it } from '@jest/globals';
import { directionOfScript, languageDirection, languageName, ownLanguageName } from '../../src/page/language-names.ts';

describe('the name of a language', () => {
  it.each([
    ['es', 'Español'],
    ['ca', 'Català'],
    ['ar', 'العربية'],
    ['pt-BR', 'Português (Brasil)'],
    ['zh-Hant', '繁體中文'],
    ['und', 'Detected'],
    ['qqq', 'qqq'],
    ['not a tag', 'not a tag'],
  ])('of %s is, in itself, %s', (tag, name) => {
    expect(ownLanguageName(tag)).toBe(name);
  });

  it('can be told to readers of another language', () => {
    expect(languageName('es', 'de')).toBe('Spanisch');
    expect(languageName('es', 'en')).toBe('Spanish');
  });
});

describe('the direction of a language', () => {
  const directions = [
    ['es', 'ltr'],
    ['ar', 'rtl'],
    ['he', 'rtl'],
    ['fa', 'rtl'],
    ['ur', 'rtl'],
    ['dv', 'rtl'],
    ['uz', 'ltr'],
    ['uz-Arab', 'rtl'],
    ['pa', 'ltr'],
    ['pa-Arab', 'rtl'],
    ['az-Latn', 'ltr'],
    ['ja', 'ltr'],
  ] as const;

  it.each(directions)('of %s is %s, by its script', (tag, direction) => {
    expect(languageDirection(tag)).toBe(direction);
    expect(directionOfScript(new Intl.Locale(tag))).toBe(direction);
  });

  it('is left to the text if the language is unknown', () => {
    expect(languageDirection('und')).toBe('auto');
    expect(languageDirection('not a tag')).toBe('auto');
  });
});
