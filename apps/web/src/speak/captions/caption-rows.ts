import type { CaptionLine, CaptionStore } from '@parley/client';
import { textForError } from '../../page/reader-texts.ts';

/** One segment in one language. */
export interface CaptionCell {
  readonly language: string;
  readonly concluded: string;
  readonly tentative: string;
  readonly note: string;
}

/** One segment: what was said, and its translations in the order of the languages. */
export interface CaptionRow {
  readonly segmentId: number;
  readonly cells: readonly CaptionCell[];
}

/** The rows to show, in the order of the segments. Pure. */
export function captionRows(store: CaptionStore, languages: readonly string[], maxRows: number): CaptionRow[] {
  const lines = languages.map((language) => {
    const { settled, open } = store.of(language);
    return new Map([...settled, ...open].map((line) => [line.segmentId, line]));
  });
  const segmentIds = new Set(lines.flatMap((ofLanguage) => [...ofLanguage.keys()]));
  return [...segmentIds]
    .sort((one, other) => one - other)
    .slice(-maxRows)
    .map((segmentId) => ({
      segmentId,
      cells: languages.map((language, index) => cellOf(language, lines[index]?.get(segmentId))),
    }));
}

function cellOf(language: string, line: CaptionLine | undefined): CaptionCell {
  const { concluded = '', tentative = '' } = line ?? {};
  return { language, concluded, tentative, note: noteOf(line) };
}

function noteOf(line: CaptionLine | undefined): string {
  if (line?.state === 'failed') return textForError({ code: line.failure ?? '' });
  return line?.isSuspect === true ? 'This may not be a translation.' : '';
}
