import { describe, expect, it } from '@jest/globals';
import { LanguagePairs } from '../src/index.ts';

const pairs = new LanguagePairs([
  ['en', 'es'],
  ['es', 'en'],
  ['en', 'pt-BR'],
  ['en', 'zh-Hant'],
  ['pt', 'pt-BR'],
  ['pt-BR', 'pt'],
  ['sr', 'sr-Latn'],
  ['und', 'en'],
]);

describe('the pairs that an engine has named', () => {
  it.each([
    ['en', 'es'],
    ['en-GB', 'es-MX'],
    ['en', 'pt'],
    ['en', 'zh-TW'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['pt-BR', 'pt-PT'],
    ['sr', 'sr-Latn'],
    ['und', 'en'],
    ['und', 'en-GB'],
  ])('may hold %s to %s', (source, target) => {
    expect(pairs.supports(source, target)).toBe(true);
  });

  it.each([
    ['en', 'ja'],
    ['en', 'en-GB'],
    ['es-ES', 'es-MX'],
    ['pt', 'pt-AO'],
    ['en', 'zh-Hans'],
    ['en', 'zh'],
    ['zh-Hans', 'zh-Hant'],
    ['sr-Latn', 'sr'],
    ['en', 'es-Cyrl'],
    ['und', 'es'],
  ])('do not hold %s to %s', (source, target) => {
    expect(pairs.supports(source, target)).toBe(false);
  });

  it('hold any where it has named none, and nothing where there are none', () => {
    expect(new LanguagePairs(undefined).supports('und', 'ja')).toBe(true);
    expect(new LanguagePairs([]).supports('en', 'es')).toBe(false);
  });
});
