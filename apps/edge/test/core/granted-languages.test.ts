import { describe, expect, it } from '@jest/globals';
import { grantedLanguages, type Offer } from '../../src/core/granted-languages.ts';

const offer = (given: Partial<Offer> = {}): Offer => ({
  sourceLanguage: 'en-US',
  targetLanguages: ['es', 'zh-Hant', 'pt-BR'],
  listenerLanguages: undefined,
  listenerTargets: [],
  ...given,
});

describe('grantedLanguages', () => {
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
  ])('maps a request for %s to %j', (requested, granted) => {
    expect(grantedLanguages([requested], offer())).toEqual(granted);
  });

  it('returns a language once for duplicate requests', () => {
    expect(grantedLanguages(['es-MX', 'es-AR', 'es', 'en', 'en-US'], offer())).toEqual(['es', 'en-US']);
  });

  it.each([
    ['en', ['en-US', 'en']],
    ['en-AU', ['en-US', 'en']],
    ['en-US', ['en-US']],
    ['en-GB', ['en-GB']],
  ])("maps a request for %s to %j if targets are in the speaker's language", (requested, granted) => {
    expect(grantedLanguages([requested], offer({ targetLanguages: ['en', 'en-GB', 'es'] }))).toEqual(granted);
  });

  it('returns the transcript of a session with an undetermined language as und', () => {
    const undetermined = offer({ sourceLanguage: 'und' });
    expect(grantedLanguages(['und', 'es-MX'], undetermined)).toEqual(['und', 'es']);
    expect(grantedLanguages(['en'], undetermined)).toEqual(['en']);
  });

  it('finds additional languages that the host allows by name', () => {
    const named = offer({ listenerLanguages: ['fr', 'es-MX'] });
    expect(grantedLanguages(['fr-CA'], named)).toEqual(['fr']);
    expect(grantedLanguages(['es-MX'], named)).toEqual(['es-MX']);
    expect(grantedLanguages(['es-AR'], named)).toEqual(['es']);
  });

  it('adds a language if the host allows a number and no existing one matches', () => {
    const two = offer({ listenerLanguages: 2, listenerTargets: ['=', 'es', 'fr'] });
    expect(grantedLanguages(['es-MX'], two)).toEqual(['es']);
    expect(grantedLanguages(['fr-CA'], two)).toEqual(['fr']);
    expect(grantedLanguages(['pt'], two)).toEqual(['pt']);
    expect(grantedLanguages(['zh-CN'], two)).toEqual(['zh-CN']);
    const full = offer({ listenerLanguages: 1, listenerTargets: ['fr'] });
    expect(grantedLanguages(['pt'], full)).toEqual(['pt-BR']);
  });
});
