import type { CaptionLine, LanguageCaptions } from '@parley/client';
import { baseLanguage } from '../page/language-names.ts';

/** One language on the page. */
export interface Column {
  /** The language that its captions have, apart from segments in another language. */
  readonly language: string;
  /** The languages of the messages that belong to it. */
  readonly tags: readonly string[];
  /** Whether what was spoken in a language of no column is shown here. */
  readonly takesOthers: boolean;
}

/**
 * The columns of a session.
 *
 * @param requested the languages that the reader has chosen
 * @param granted those that the server sends: for `en` of a speaker of `en-US` both, the transcript and its translations
 */
export function columnsOf(requested: readonly string[], granted: readonly string[], sourceLanguage: string): Column[] {
  const isOfSource = (tag: string): boolean =>
    granted.length > requested.length &&
    granted.includes(sourceLanguage) &&
    baseLanguage(tag) === baseLanguage(sourceLanguage);
  const tagsByColumn = new Map<string, string[]>();
  for (const tag of granted) {
    const language = isOfSource(tag) ? sourceLanguage : tag;
    tagsByColumn.set(language, [...(tagsByColumn.get(language) ?? []), tag]);
  }
  return Array.from(tagsByColumn, ([language, tags]) => ({ language, tags, takesOthers: language === sourceLanguage }));
}

/**
 * The lines of a column in the order of the segments. A segment in another language than the speaker's own comes as it is
 * spoken and, if the session has that target, as a translation, which is what its readers want.
 */
export function linesOf(
  column: Column,
  columns: readonly Column[],
  captions: ReadonlyMap<string, LanguageCaptions>,
): readonly CaptionLine[] {
  const shownElsewhere = new Set(columns.flatMap((other) => (other === column ? [] : other.tags)));
  const belongs = (tag: string): boolean =>
    column.tags.includes(tag) || (column.takesOthers && !shownElsewhere.has(tag));
  const lists = Array.from(captions, ([tag, { settled, open }]) => (belongs(tag) ? [...settled, ...open] : []));
  const bySegment = new Map<number, CaptionLine>();
  for (const line of lists.flat()) {
    const other = bySegment.get(line.segmentId);
    if (other === undefined || isBetter(line, other)) bySegment.set(line.segmentId, line);
  }
  return [...bySegment.values()].sort((one, other) => one.segmentId - other.segmentId);
}

/** A translation is better than the original, unless it failed. */
function isBetter(line: CaptionLine, other: CaptionLine): boolean {
  const rank = ({ state, isSource }: CaptionLine): number => (state === 'failed' ? 0 : isSource ? 1 : 2);
  return rank(line) > rank(other);
}
