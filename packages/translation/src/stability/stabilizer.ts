import type { LanguageTag, SessionOptions } from '@parley/protocol';

/** How much a session's translations may change while they are read. */
export type Stability = SessionOptions['stability'];

/** What is remembered of an open segment and target; serializable as JSON. */
export type StabilizerState = Readonly<Record<string, never>>;

export interface StabilizerInput {
  /** The newest revision. */
  readonly source: string;
  /** The prefix of `source` that the recognizer reports as stable, if it does. */
  readonly stable?: string | undefined;
  /** The translation of `source`. */
  readonly translation: string;
  readonly target: LanguageTag;
}

export interface StabilizerDecision {
  readonly state: StabilizerState;
  /** The beginning of what is shown, which is only extended until the final. */
  readonly concluded: string;
  /** The rest of what is shown. */
  readonly tentative: string;
}

/** Decides what is shown of a translation. All settings show the whole translation, and conclude nothing. */
export function stabilize(
  _setting: Stability,
  state: StabilizerState | undefined,
  { translation }: StabilizerInput,
): StabilizerDecision {
  return { state: state ?? {}, concluded: '', tentative: translation };
}
