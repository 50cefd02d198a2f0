import type { CacheTtlClass } from './shared-translations.ts';

/** A translation in the memory of this thread. */
export interface RememberedTranslation {
  readonly text: string;
  readonly ttlClass: CacheTtlClass;
  /** Whether the shared cache has it as well. */
  readonly isShared: boolean;
}

/** The newest translations of this thread, bounded in size and time. */
export interface TranslationMemory {
  get(key: string): RememberedTranslation | undefined;
  set(key: string, translation: RememberedTranslation): unknown;
}
