import type { LanguageTag } from '@parley/protocol';
import type { RecordedText } from '../segments.ts';

/** What is on the screen: one part after the other, without a space between them. */
export interface Display {
  /** Only extended until the final. */
  readonly concluded: string;
  readonly tentative: string;
  /** All of the newest translation, if only a part of the revision was translated for it. */
  readonly translation?: string;
}

export const emptyDisplay: Display = { concluded: '', tentative: '' };

/** Returns everything that is shown. */
export function textOf({ concluded, tentative }: Display): string {
  return concluded + tentative;
}

/**
 * Translates any text.
 *
 * @param previous the last text of the segment and its translation, which an engine that rephrases should keep
 * @returns `undefined` if the engine's reply is not a translation
 */
export type Translate = (
  text: string,
  previous?: { readonly text: string; readonly translation: string },
) => Promise<string | undefined>;

export interface SegmentLanguages {
  readonly source: LanguageTag;
  readonly target: LanguageTag;
}

/** Decides what is shown after a revision of its segment. Called with one revision after the other. */
export type SegmentPolicy = (revision: RecordedText) => Promise<Display>;

/** A way to decide what is shown of a segment's translations while the segment is open. */
export interface Policy {
  readonly name: string;
  /** Policies that differ in one number are a family: one curve of the plot. */
  readonly family: string;
  startSegment(languages: SegmentLanguages, translate: Translate): SegmentPolicy;
}
