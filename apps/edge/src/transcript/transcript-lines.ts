import { isBlank } from '@parley/protocol';
import type { ResultEntry, TranscribedSegment, TranscriptEntry } from './transcribed-segments.ts';

/** A line of a transcript in one language. */
export type TranscriptText = TranscriptEntry | Extract<ResultEntry, { type: 'translation' }>;

export interface LinesInLanguage {
  readonly lines: readonly TranscriptText[];
  readonly failed: readonly Extract<ResultEntry, { type: 'failed' }>[];
}

/**
 * Selects one line for each segment: its translation into one of the languages or, if the source language is among them and
 * there is no translation, the transcript itself. Cleared segments are left out. Pure.
 */
export function linesIn(
  segments: readonly TranscribedSegment[],
  languages: readonly string[],
  sourceLanguage: string,
): LinesInLanguage {
  const lines: TranscriptText[] = [];
  const failed: LinesInLanguage['failed'][number][] = [];
  for (const { transcript, results } of segments) {
    const found = languages.flatMap((language) => results.get(language) ?? []);
    const translation = found.find((entry) => entry.type === 'translation');
    const failure = found.find((entry) => entry.type === 'failed');
    const line = translation ?? (languages.includes(sourceLanguage) ? transcript : undefined);
    if (line !== undefined && !isBlank(line.text)) lines.push(line);
    if (translation === undefined && failure !== undefined) failed.push(failure);
  }
  return { lines, failed };
}

/** The language of a line's text. */
export function languageOf(line: TranscriptText): string {
  return line.type === 'transcript' ? line.language : line.targetLanguage;
}
