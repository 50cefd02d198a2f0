import type { TranslationRequest } from '../engine/engine.ts';
import type { TranslationResult } from '../service/translation-service.ts';

/** What a translation was made for. One of a partial is kept for minutes, one of a final for a day. */
export type KeptFor = TranslationRequest['kind'];

/** As what it is kept. A `stand-in` is kept for minutes, whatever it was made for and whoever finds it. */
export type KeptAs = KeptFor | 'stand-in';

/** As what the result of a request is kept. */
export function keptAs(kind: KeptFor, { standIn }: Pick<TranslationResult, 'standIn'>): KeptAs {
  return standIn === true ? 'stand-in' : kind;
}

/** Translations that are kept for requests that come again, by `TranslationKey`, wherever those come to. */
export interface TranslationCache {
  /** @param kind a final that finds what was made for a partial has it kept as a final's from then on */
  find(key: string, kind: KeptFor): Promise<string | undefined>;
  keep(key: string, as: KeptAs, text: string): Promise<void>;
}

/** A translation in the memory of this process. */
export interface RememberedTranslation {
  readonly text: string;
  readonly kind: KeptFor;
}

/** The newest translations of this process, bounded in size and time. */
export interface TranslationMemory {
  get(key: string): RememberedTranslation | undefined;
  set(key: string, translation: RememberedTranslation): unknown;
}
