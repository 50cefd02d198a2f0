import { describe, expect, it } from '@jest/globals';
import type { LogEntry } from '@parley/redis/log';
import { readableLanguages } from '../../src/transcript/readable-languages.ts';
import { TranscribedSegments } from '../../src/transcript/transcribed-segments.ts';
import { linesIn } from '../../src/transcript/transcript-lines.ts';

const metadata = { v: 1, language: 'en', receivedAtMs: 1 } as const;
const said = (segmentId: number, text: string, language = 'en'): LogEntry => ({
  ...metadata,
  language,
  type: 'transcript',
  segmentId,
  text,
});
const translated = (segmentId: number, targetLanguage: string, text: string): LogEntry => ({
  ...metadata,
  type: 'translation',
  segmentId,
  targetLanguage,
  text,
  cached: false,
  queueMs: 0,
  engineMs: 0,
});

function segmentsOf(...entries: (LogEntry | undefined)[]): TranscribedSegments {
  const segments = new TranscribedSegments();
  segments.add(entries.map((entry, offset) => ({ offset, entry })));
  return segments;
}

const textsIn = (segments: TranscribedSegments, ...languages: string[]): string[] =>
  linesIn(segments.inOrder(), languages, 'en').lines.map(({ text }) => text);

describe('the lines of a language', () => {
  it('I45: are as corrected, in the place and with the times of the original', () => {
    const later = { ...metadata, receivedAtMs: 1000, segmentId: 1 };
    const segments = segmentsOf(
      said(1, 'wrong'),
      said(2, 'next'),
      translated(1, 'es', 'falso'),
      { v: 1, type: 'failed', segmentId: 1, targetLanguage: 'ca', code: 'engine-timeout', message: '' },
      { ...later, type: 'corrected-transcript', text: 'right' },
      { ...later, type: 'corrected', targetLanguage: 'es', text: 'draft' },
      { ...later, type: 'corrected', targetLanguage: 'es', text: 'correcto', flags: ['suspect'] },
      { ...later, type: 'corrected', targetLanguage: 'ca', text: 'correcte' },
      { ...later, segmentId: 9, type: 'corrected', targetLanguage: 'es', text: 'of a removed line' },
    );
    expect(textsIn(segments, 'en')).toEqual(['right', 'next']);
    expect(textsIn(segments, 'ca')).toEqual(['correcte']);
    const [line, ...others] = linesIn(segments.inOrder(), ['es'], 'en').lines;
    expect(line).toMatchObject({ text: 'correcto', receivedAtMs: 1, flags: ['suspect'] });
    expect(others).toEqual([]);
    expect(linesIn(segments.inOrder(), ['ca'], 'en')).toMatchObject({ lines: [{ receivedAtMs: 1 }], failed: [] });
  });

  it('I42: are in the order of acceptance, those first whose transcript was removed', () => {
    const segments = segmentsOf(
      said(4, 'b'),
      translated(4, 'es', 'B'),
      said(2, 'c'),
      translated(9, 'es', 'A'),
      undefined,
    );
    expect(textsIn(segments, 'es')).toEqual(['A', 'B']);
    expect(textsIn(segments, 'en')).toEqual(['b', 'c']);
  });

  it('I42: are each there once, the first one, if Redis has two', () => {
    const segments = segmentsOf(said(1, 'a'), translated(1, 'es', 'A'), said(1, 'x'), translated(1, 'es', 'X'));
    expect([textsIn(segments, 'es'), textsIn(segments, 'en')]).toEqual([['A'], ['a']]);
  });

  it('of a segment in another language are its translation, or else the text as spoken', () => {
    const segments = segmentsOf(said(1, 'uno', 'es'), said(2, 'dos', 'es'), translated(1, 'en', 'one'));
    expect(textsIn(segments, 'en')).toEqual(['one', 'dos']);
  });
});

describe('the languages that a reader may read', () => {
  const session = { sourceLanguage: 'en', targetLanguages: ['es'], listenerLanguages: undefined };
  const stored = new Set(['es', 'fr']);

  it.each([
    ['es-MX', 'listener', undefined, ['es']],
    ['en-GB', 'listener', undefined, ['en']],
    ['fr', 'listener', undefined, []],
    ['fr', 'host', undefined, ['fr']],
    ['fr', 'listener', 3, ['fr']],
    ['de', 'listener', 3, []],
    ['ca', 'listener', ['ca'], ['ca']],
    ['fr', 'listener', ['ca'], []],
    ['de', 'host', undefined, []],
  ] as const)('are for %s as a %s, with listenerLanguages %s: %s', (requested, reader, listenerLanguages, expected) => {
    expect(
      readableLanguages(requested, { ...session, listenerLanguages: listenerLanguages as never }, stored, reader),
    ).toEqual(expected);
  });
});
