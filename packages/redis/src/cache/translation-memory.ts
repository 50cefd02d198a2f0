import type { RememberedTranslation, TranslationMemory } from '@parley/translation';
import { LRUCache } from 'lru-cache';

export interface TranslationMemoryOptions {
  readonly maxBytes: number;
  readonly ttlMs: number;
}

/** What an entry takes beside its text, roughly: key, objects, places in the maps. */
const entryBytes = 300;
const bytesPerCharacter = 2;

/** The newest translations of one thread, in front of the cache that all workers share. */
export function createTranslationMemory({ maxBytes, ttlMs }: TranslationMemoryOptions): TranslationMemory {
  return new LRUCache<string, RememberedTranslation>({
    maxSize: maxBytes,
    sizeCalculation: ({ text }) => entryBytes + bytesPerCharacter * text.length,
    ttl: ttlMs,
  });
}
