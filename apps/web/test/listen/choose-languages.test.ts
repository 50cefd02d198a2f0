import { describe, expect, it } from '@jest/globals';
import { chosenLanguages, languageChoices } from '../../src/listen/choose-languages.ts';

const offer = { sourceLanguage: 'en', languages: ['en', 'es', 'pt-BR', 'ar'], furtherLanguages: 0 };

describe('the languages to choose from', () => {
  it("begin with the browser's", () => {
    expect(languageChoices(offer, ['pt-PT', 'ar-EG', 'fr'])).toEqual({
      offered: ['pt-BR', 'ar', 'en', 'es'],
      further: [],
    });
  });

  it('contain further ones if the session adds any', () => {
    const { offered, further } = languageChoices({ ...offer, furtherLanguages: 2 }, ['eu-ES', 'es']);
    expect(offered).toEqual(['es', 'en', 'pt-BR', 'ar']);
    expect(further[0]).toBe('eu');
    expect(further).toContain('fr');
    expect(further).not.toContain('es');
    expect(further).not.toContain('pt');
  });
});

describe('the language that is shown', () => {
  const none = { linked: [], remembered: [], preferred: [] };
  it.each([
    ['the one of the link', { linked: ['ar'], remembered: ['es'], preferred: ['en'] }, ['ar']],
    ['both of the link', { ...none, linked: ['es', 'ar'] }, ['es', 'ar']],
    ['what comes next to the link', { ...none, linked: ['pt'] }, ['pt-BR']],
    ['the one of the link even if it is not offered', { ...none, linked: ['fr'] }, ['fr']],
    ['the one chosen before', { ...none, remembered: ['ar'], preferred: ['es'] }, ['ar']],
    ['both chosen before', { ...none, remembered: ['ar', 'en'] }, ['ar', 'en']],
    [
      "the browser's if the one chosen before is not offered",
      { ...none, remembered: ['fr'], preferred: ['es'] },
      ['es'],
    ],
    ["the browser's first one that is offered", { ...none, preferred: ['fr', 'es-MX', 'ar'] }, ['es']],
    ["the speaker's own if that is the reader's", { ...none, preferred: ['en-GB', 'es'] }, ['en']],
    ['the first translation otherwise', { ...none, preferred: ['fr'] }, ['es']],
  ])('is %s', (_which, wishes, languages) => {
    expect(chosenLanguages(offer, wishes)).toEqual(languages);
  });

  it('is the one chosen before if the session adds it', () => {
    const remembered = { ...none, remembered: ['fr'], preferred: ['es'] };
    expect(chosenLanguages({ ...offer, furtherLanguages: 1 }, remembered)).toEqual(['fr']);
  });

  it('is the transcript of a session without translations', () => {
    expect(chosenLanguages({ ...offer, languages: ['en'] }, none)).toEqual(['en']);
  });
});
