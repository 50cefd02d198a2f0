import type { CacheTtlClass } from '@parley/translation';
import { retention } from '../retention/retention.ts';
import { asStatus } from '../script/reply.ts';

/** TTLs of cached translations, in ms. */
export interface CacheTtls {
  readonly partialMs: number;
  readonly finalMs: number;
}

export const defaultCacheTtls: CacheTtls = {
  partialMs: retention.cachedPartialMs,
  finalMs: retention.cachedFinalMs,
};

const letters = { partial: 'p', final: 'f', fallback: 's' } as const;
const classes = { p: 'partial', f: 'final', s: 'fallback' } as const;

/**
 * Returns the key of a cached translation. The braces put it into the hash slot of its singleflight entry in a Redis
 * Cluster, since one script reads both.
 */
export function cacheKey(key: string): string {
  return `tr:{${key}}`;
}

/** Returns the lookup argument of a script: a final extends the TTL of the entry that it finds. */
export function lookUpArgument(kind: 'partial' | 'final', ttls: CacheTtls): string | number {
  return kind === 'final' ? ttls.finalMs : '';
}

/** Returns the storage arguments of a script: the letter of the TTL class and its TTL in ms. */
export function storeArguments(ttlClass: CacheTtlClass, { partialMs, finalMs }: CacheTtls): [string, number] {
  return [letters[ttlClass], ttlClass === 'final' ? finalMs : partialMs];
}

/** Returns the TTL class for the letter that a script returned. */
export function ttlClassOf(letter: string | undefined): CacheTtlClass {
  return classes[asStatus(letter, ['p', 'f', 's'])];
}
