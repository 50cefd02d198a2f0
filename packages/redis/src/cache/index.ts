export { CacheStore } from './cache-store.ts';
export { connectCache, type CacheConnectionOptions } from './connect-cache.ts';
export { SessionEntries, type SessionEntriesOptions } from './session-entries.ts';
export type { CacheTtls } from './cached-translation.ts';
export { createTranslationMemory, type TranslationMemoryOptions } from './translation-memory.ts';
export { eraseCached } from './erase-cached.ts';
