import { describe, expect, it } from '@jest/globals';
import { outputFiles, type OutputRequest } from '../../src/subtitle-files/output-files.ts';
import { languageOfName, sourceLanguageOf, withLanguage } from '../../src/subtitle-files/source-language.ts';

const paths = (request: Partial<OutputRequest>): string[] =>
  outputFiles({ input: 'a/talk.srt', inputFormat: 'srt', from: 'en', to: ['es'], output: undefined, ...request }).map(
    ({ path, format }) => `${path} ${format}`,
  );

describe('outputFiles', () => {
  it.each([
    [{}, ['a/talk.es.srt srt']],
    [{ to: ['es', 'pt-BR'] }, ['a/talk.es.srt srt', 'a/talk.pt-BR.srt srt']],
    [{ input: 'a/talk.en.srt' }, ['a/talk.es.srt srt']],
    [{ input: 'a/talk.fr.srt' }, ['a/talk.fr.es.srt srt']],
    [{ input: 'a/talk.vtt', inputFormat: 'vtt' as const }, ['a/talk.es.vtt vtt']],
    [{ input: 'a/talk.txt' }, ['a/talk.txt.es.srt srt']],
    [{ output: 'b/x.vtt' }, ['b/x.vtt vtt']],
    [{ output: 'b/x.VTT', to: ['es', 'ca'] }, ['b/x.es.VTT vtt', 'b/x.ca.VTT vtt']],
  ])('names the files of %j', (request, expected) => {
    expect(paths(request)).toEqual(expected);
  });

  it.each([
    [{ output: 'x.txt' }, 'must end with .srt or .vtt'],
    [{ output: './a/../a/talk.srt' }, 'would overwrite the input'],
    [{ input: 'talk.es.srt', from: 'en', output: 'talk.srt', to: ['es', 'ca'] }, 'would overwrite the input'],
  ])('refuses %j', (request, problem) => {
    expect(() => paths(request)).toThrow(problem);
  });
});

describe('sourceLanguageOf', () => {
  it.each([
    ['talk.en.srt', [], 'en'],
    ['talk.pt_BR.vtt', ['Language: fr'], 'pt-BR'],
    ['talk.vtt', ['Kind: captions', 'Language: fr'], 'fr'],
    ['part.one.srt', [], 'und'],
    ['talk.hd.srt', ['Language: nonsense words'], 'und'],
    ['en.srt', [], 'und'],
  ])('finds the language of %s with the header %j', (path, header, expected) => {
    expect(sourceLanguageOf(path, { header })).toBe(expected);
  });

  it('replaces the language of a header', () => {
    expect(languageOfName('a.b/talk')).toBeUndefined();
    expect(withLanguage(['Kind: captions', 'language: en'], 'es')).toEqual(['Kind: captions', 'Language: es']);
  });
});
