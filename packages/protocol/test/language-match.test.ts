import { describe, expect, it } from '@jest/globals';
import { isOwnLanguage, languageAndScript, lookUpLanguage, nearestLanguage } from '../src/index.ts';

describe('isOwnLanguage', () => {
  it.each([
    ['en', 'en'],
    ['en-US', 'en'],
    ['es-MX', 'es'],
    ['es-419', 'es'],
    ['pt-PT', 'pt'],
    ['en', 'en-Latn'],
    ['en-Latn-US', 'en-US'],
    ['ca-valencia', 'ca'],
    ['de-CH-1996', 'de-CH'],
    ['de', 'de-u-co-phonebk'],
    ['de-AT-u-co-phonebk', 'de'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-MO', 'zh-Hant'],
    ['zh-Hant', 'zh-TW'],
    ['zh-Hant-HK', 'zh-Hant'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh'],
    ['zh', 'zh-Hans'],
    ['nb', 'no'],
    ['no', 'nb'],
    ['nb-NO', 'no'],
    ['sr-RS', 'sr'],
    ['sr-Latn-RS', 'sr-Latn'],
    ['sr-ME', 'sr-Latn'],
    ['pa-PK', 'pa-Arab'],
  ])('%s needs no translation for %s', (spoken, target) => {
    expect(isOwnLanguage(spoken, target)).toBe(true);
  });

  it.each([
    ['pt', 'pt-BR'],
    ['en', 'en-GB'],
    ['en-US', 'en-GB'],
    ['es-ES', 'es-MX'],
    ['es-MX', 'es-419'],
    ['ca', 'ca-valencia'],
    ['zh-Hans', 'zh-Hant'],
    ['zh-TW', 'zh'],
    ['zh-TW', 'zh-CN'],
    ['zh-CN', 'zh-Hant'],
    ['zh-US', 'zh'],
    ['yue', 'zh-Hant'],
    ['sr-Latn', 'sr'],
    ['sr', 'sr-Latn'],
    ['nn', 'no'],
    ['en', 'es'],
    ['und', 'es'],
    ['und', 'und'],
  ])('%s is translated to %s', (spoken, target) => {
    expect(isOwnLanguage(spoken, target)).toBe(false);
  });
});

describe('lookUpLanguage', () => {
  it.each([
    ['es-MX', ['en', 'es'], 'es'],
    ['es-MX', ['es', 'es-MX'], 'es-MX'],
    ['es-MX', ['es-419'], undefined],
    ['es', ['es-MX'], undefined],
    ['pt-BR', ['pt-PT', 'pt'], 'pt'],
    ['zh-TW', ['zh-Hans', 'zh-Hant'], 'zh-Hant'],
    ['zh-TW', ['zh', 'zh-CN'], undefined],
    ['zh-MO', ['zh-TW'], 'zh-TW'],
    ['zh-Hant-HK', ['zh-TW', 'zh-HK'], 'zh-HK'],
    ['zh-SG', ['zh-Hant', 'zh'], 'zh'],
    ['sr-Latn-RS', ['sr'], undefined],
    ['de-CH-1996', ['de', 'de-CH'], 'de-CH'],
    ['nb-NO', ['no'], 'no'],
    ['en-GB-u-ca-buddhist', ['en-GB'], 'en-GB'],
    ['und', ['en', 'en-US'], undefined],
    ['und', ['und'], 'und'],
    ['es', [], undefined],
  ])('finds for %s among %j: %s', (asked, offered, found) => {
    expect(lookUpLanguage(asked, offered)).toBe(found);
  });
});

describe('nearestLanguage', () => {
  it.each([
    ['es-MX', ['es-ES', 'es'], 'es'],
    ['es', ['es-MX'], 'es-MX'],
    ['es-AR', ['en', 'es-MX'], 'es-MX'],
    ['zh-Hans', ['zh-Hant'], undefined],
    ['sr', ['sr-Latn'], undefined],
    ['gl', ['pt'], undefined],
  ])('finds for %s among %j: %s', (asked, offered, found) => {
    expect(nearestLanguage(asked, offered)).toBe(found);
  });
});

it('compares tags correctly after the cache was cleared', () => {
  for (let region = 100; region < 1000; region++) {
    for (const language of ['en', 'zh', 'sr']) languageAndScript(`${language}-${region}`);
  }
  expect(languageAndScript('zh-TW')).toBe('zh-Hant');
  expect(isOwnLanguage('es-MX', 'es')).toBe(true);
});
