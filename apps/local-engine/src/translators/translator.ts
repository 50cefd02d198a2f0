import type { LanguageTag } from '@parley/protocol';

/** Source and target language. */
export type LanguagePair = readonly [source: LanguageTag, target: LanguageTag];

export interface TranslatorRequest {
  readonly text: string;
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  /** The reply before the text in the chat, if it directly precedes the text. */
  readonly previous?: string | undefined;
  readonly signal: AbortSignal;
}

/** The translation backend of the engine. */
export interface Translator {
  /** The model's id in `/v1/models`. */
  readonly model: string;
  /** Whether its output is placeholder text. */
  readonly simulated: boolean;
  /** The supported pairs, including indirect ones; `undefined` for any. */
  readonly languagePairs: readonly LanguagePair[] | undefined;
  /** Whether translations depend on `previous`. */
  readonly usesPrevious: boolean;
  /** Whether it can translate now. */
  readonly ready: boolean;
  /** Rejects with `UnsupportedPairError`, `TranslatorUnavailableError`, or the signal's reason. */
  translate(request: TranslatorRequest): Promise<string>;
  /** Releases its resources. Idempotent. */
  close(): Promise<void>;
}

/** The translator does not support the language pair. */
export class UnsupportedPairError extends Error {
  override readonly name = 'UnsupportedPairError';
  readonly pair: LanguagePair;
  readonly known: readonly LanguagePair[];

  constructor(pair: LanguagePair, known: readonly LanguagePair[]) {
    super(`no translation from ${pair[0]} to ${pair[1]}`);
    this.pair = pair;
    this.known = known;
  }
}

/** The translator is temporarily unavailable; a retry may succeed. */
export class TranslatorUnavailableError extends Error {
  override readonly name = 'TranslatorUnavailableError';
}
