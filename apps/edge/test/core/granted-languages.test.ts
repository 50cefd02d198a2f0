import { describe, expect, it } from '@jest/globals';
import { grantedLanguages, type Offer } from '../../src/core/granted-languages.ts';

const offer = (given: Partial<Offer> = {}): Offer => ({
  sourceLanguage: 'en-US',
  targetLanguages: ['es', 'zh-Hant', 'pt-BR'],
  listenerLanguages: undefined,
  listenerTargets: [],
  ...given,
});

describe('a listener', () => {
  it.each([
    ['es-MX', ['es']],
    ['es', ['es']],
    ['zh-TW', ['zh-Hant']],
    ['zh-HK', ['zh-Hant']],
    ['en-US', ['en-US']],
    ['en', ['en-US']],
    ['en-GB', ['en-US']],
    ['pt', ['pt-BR']],
    ['pt-PT', ['pt-BR']],
    ['zh-CN', ['zh-CN']],
    ['zh', ['zh']],
    ['fr', ['fr']],
    ['und', ['und']],
  ])('that asks for %s gets %j', (asked, granted) => {
    expect(grantedLanguages([asked], offer())).toEqual(granted);
  });

  it('gets a language once, however often it asks', () => {
    expect(grantedLanguages(['es-MX', 'es-AR', 'es', 'en', 'en-US'], offer())).toEqual(['es', 'en-US']);
  });

  it.each([
    ['en', ['en-US', 'en']],
    ['en-AU', ['en-US', 'en']],
    ['en-US', ['en-US']],
    ['en-GB', ['en-GB']],
  ])('that asks for %s beside targets in the language of the speaker gets %j', (asked, granted) => {
    expect(grantedLanguages([asked], offer({ targetLanguages: ['en', 'en-GB', 'es'] }))).toEqual(granted);
  });

  it('of a session whose language is to be detected gets the transcript by that name', () => {
    const undetermined = offer({ sourceLanguage: 'und' });
    expect(grantedLanguages(['und', 'es-MX'], undetermined)).toEqual(['und', 'es']);
    expect(grantedLanguages(['en'], undetermined)).toEqual(['en']);
  });

  it('finds what the host allows besides by name', () => {
    const named = offer({ listenerLanguages: ['fr', 'es-MX'] });
    expect(grantedLanguages(['fr-CA'], named)).toEqual(['fr']);
    expect(grantedLanguages(['es-MX'], named)).toEqual(['es-MX']);
    expect(grantedLanguages(['es-AR'], named)).toEqual(['es']);
  });

  it('adds a language where the host allows a number, but none that is found', () => {
    const two = offer({ listenerLanguages: 2, listenerTargets: ['=', 'es', 'fr'] });
    expect(grantedLanguages(['es-MX'], two)).toEqual(['es']);
    expect(grantedLanguages(['fr-CA'], two)).toEqual(['fr']);
    expect(grantedLanguages(['pt'], two)).toEqual(['pt']);
    expect(grantedLanguages(['zh-CN'], two)).toEqual(['zh-CN']);
    const full = offer({ listenerLanguages: 1, listenerTargets: ['fr'] });
    expect(grantedLanguages(['pt'], full)).toEqual(['pt-BR']);
  });
});
