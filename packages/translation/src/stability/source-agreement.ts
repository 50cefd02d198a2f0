import type { LanguageTag } from '@parley/protocol';
import { endsSentence } from '../sentence-ends.ts';
import { commonUnits, readingUnits } from './reading-units.ts';

/** State of one open segment: what its revisions agree on, in units without case and punctuation. */
export interface SourceAgreement {
  /** The newest revision. */
  readonly units: readonly string[];
  /** The agreed units at the last revision that was due. */
  readonly dueUnits: readonly string[];
  readonly dueAtMs: number;
}

export interface SourceRevision {
  readonly text: string;
  /** The prefix of `text` that the recognizer will not change any more, if it says so; replaces the agreement of revisions. */
  readonly stable?: string | undefined;
  readonly language: LanguageTag;
  readonly atMs: number;
}

/** A revision is due at the latest this long after the one before, so that a caption never stops while revisions disagree. */
export const maxDueIntervalMs = 500;

/**
 * Decides whether a revision is due for translation: if the text on which it agrees with the revision before has grown or
 * changed since the last one that was due, if it ends a sentence, or if that was some time ago. Other revisions only differ in
 * words that may still change, and their translations would not be shown.
 *
 * @param state `undefined` for the first revision
 */
export function observeSource(
  state: SourceAgreement | undefined,
  { text, stable, language, atMs }: SourceRevision,
): { readonly state: SourceAgreement; readonly isDue: boolean } {
  const units = comparableUnits(text, language);
  if (state === undefined) return { state: { units, dueUnits: [], dueAtMs: atMs }, isDue: true };
  const agreed =
    stable === undefined ? units.slice(0, commonUnits(units, state.units)) : comparableUnits(stable, language);
  const common = commonUnits(agreed, state.dueUnits);
  const hasChanged = agreed.length > common;
  const isDue = hasChanged || endsSentence(text) || atMs - state.dueAtMs >= maxDueIntervalMs;
  if (!isDue) return { state: { ...state, units }, isDue };
  return { state: { units, dueUnits: agreed.length === 0 ? state.dueUnits : agreed, dueAtMs: atMs }, isDue };
}

const punctuation = /\p{P}/u;

function comparableUnits(text: string, language: LanguageTag): string[] {
  return readingUnits(text.toLowerCase(), language)
    .map((unit) => (punctuation.test(unit) ? unit.replace(/^\p{P}+|(?<!\p{P})\p{P}+$/gu, '') : unit))
    .filter((unit) => unit !== '');
}
