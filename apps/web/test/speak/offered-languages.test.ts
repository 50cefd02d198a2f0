import { describe, expect, it } from '@jest/globals';
import { ServerError } from '@parley/client';
import {
  displayName,
  searchLanguages,
  sourcesOf,
  targetsOf,
  type OfferedLanguages,
} from '../../src/speak/languages/offered-languages.ts';
import { refusedTargets } from '../../src/speak/languages/refused-targets.ts';

const language = (code: string, name: string, nativeName: string, targets: string[] = []) => ({
  code,
  name,
  nativeName,
  targets,
});
const offered: OfferedLanguages = {
  isOpen: false,
  languages: [
    language('en', 'English', 'English', ['es', 'fr', 'ca-valencia']),
    language('fr', 'French', 'français', ['en']),
    language('es', 'Spanish', 'español', ['en', 'fr']),
    language('ca-valencia', 'Catalan (Valencian)', 'Catalan (Valencian)'),
  ],
};
const codes = (languages: readonly { code: string }[]): string[] => languages.map(({ code }) => code);

describe('the offered languages', () => {
  it('can be spoken if they have targets', () => {
    expect(codes(sourcesOf(offered))).toEqual(['en', 'es', 'fr']);
  });

  it('are translated into what the engine has for the spoken one, by their own names in order', () => {
    expect(codes(targetsOf(offered, 'en'))).toEqual(['ca-valencia', 'es', 'fr']);
    expect(codes(targetsOf(offered, 'fr'))).toEqual(['en']);
    expect(targetsOf(offered, 'de')).toEqual([]);
  });

  it('are all targets of a language that is not on the list of an open engine', () => {
    expect(codes(targetsOf({ ...offered, isOpen: true }, 'sw'))).toEqual(['ca-valencia', 'en', 'es', 'fr']);
  });

  it.each([
    ['fra', ['fr']],
    ['FRANC', ['fr']],
    ['span', ['es']],
    ['espan', ['es']],
    ['es', ['es']],
    ['valencian cat', ['ca-valencia']],
    ['', ['en', 'fr', 'es', 'ca-valencia']],
    ['klingon', []],
  ])('are found by %j', (searched, found) => {
    expect(
      codes(searchLanguages(offered.languages, searched)).filter((code) => code !== 'en' || searched === ''),
    ).toEqual(found);
  });

  it('have the names that the server knows', () => {
    expect(displayName({ code: 'fr', nativeName: 'français' })).toBe('Français');
    expect(displayName({ code: 'ca-valencia', nativeName: 'català (valencià)' })).toBe('Català (valencià)');
  });
});

describe('refusedTargets', () => {
  const error = (code: string, param?: string) =>
    new ServerError({
      type: 'error',
      code: code as 'internal',
      message: 'm',
      retryable: false,
      ...(param && { param }),
    });

  it.each([
    [error('language-unsupported', 'targetLanguages'), ['es', 'xx']],
    [error('language-unsupported', 'sourceLanguage'), []],
    [error('invalid-field', 'targetLanguages.1'), ['xx']],
    [error('invalid-field', 'sourceLanguage'), []],
    [error('too-many-sessions'), []],
    [new Error('m'), []],
  ])('of %s', (refusal, refused) => {
    expect(refusedTargets(refusal, ['es', 'xx'])).toEqual(refused);
  });
});
