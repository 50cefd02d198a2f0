import type { RememberedTranslation, TranslationMemory } from '@parley/translation';
import { LRUCache } from 'lru-cache';

export interface TranslationMemoryOptions {
  readonly maxBytes: number;
  readonly ttlMs: number;
}

/** Approximate overhead of an entry: key, objects and map slots. */
const entryBytes = 300;
const bytesPerCharacter = 2;

/** Creates an in-memory LRU cache of one thread, in front of the shared cache. */
export function createTranslationMemory({ maxBytes, ttlMs }: TranslationMemoryOptions): TranslationMemory {
  return new LRUCache<string, RememberedTranslation>({
    maxSize: maxBytes,
    sizeCalculation: ({ text }) => entryBytes + bytesPerCharacter * text.length,
    ttl: ttlMs,
  });
}
