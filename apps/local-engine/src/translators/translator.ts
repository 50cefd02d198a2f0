import type { LanguageTag } from '@parley/protocol';

/** Source and target language. */
export type LanguagePair = readonly [source: LanguageTag, target: LanguageTag];

export interface TranslatorRequest {
  readonly text: string;
  readonly source: LanguageTag;
  readonly target: LanguageTag;
  readonly signal: AbortSignal;
}

/** What the engine translates with. */
export interface Translator {
  /** The model's id in `/v1/models`. */
  readonly model: string;
  /** Whether its output only stands in for a translation. */
  readonly simulated: boolean;
  /** The pairs it translates, indirect ones included; `undefined`: any. */
  readonly languagePairs: readonly LanguagePair[] | undefined;
  /** Whether it could translate now. */
  readonly ready: boolean;
  /** Rejects with `UnsupportedPairError`, `TranslatorUnavailableError`, or the signal's reason. */
  translate(request: TranslatorRequest): Promise<string>;
  /** Ends what it started. Idempotent. */
  close(): Promise<void>;
}

/** The translator has no way from the one language to the other. */
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

/** The translator can't work now; the same request may succeed later. */
export class TranslatorUnavailableError extends Error {
  override readonly name = 'TranslatorUnavailableError';
}
