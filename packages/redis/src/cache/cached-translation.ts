import type { CacheTtlClass } from '@parley/translation';
import { asStatus } from '../script/reply.ts';

/** How long translations are cached, in ms. */
export interface CacheTtls {
  readonly partialMs: number;
  readonly finalMs: number;
}

/** A partial's text is spoken again within its talk if at all; a final's may be any day. */
export const defaultCacheTtls: CacheTtls = { partialMs: 5 * 60_000, finalMs: 24 * 3_600_000 };

const letters = { partial: 'p', final: 'f', fallback: 's' } as const;
const classes = { p: 'partial', f: 'final', s: 'fallback' } as const;

/** The braces put it into the hash slot of its singleflight entry in a Redis Cluster: one script reads both. */
export function cacheKey(key: string): string {
  return `tr:{${key}}`;
}

/** The argument of a script that looks up: a final extends the life of what it finds. */
export function lookUpArgument(kind: 'partial' | 'final', ttls: CacheTtls): string | number {
  return kind === 'final' ? ttls.finalMs : '';
}

/** The arguments of a script that stores: the letter of the class and its TTL in ms. */
export function storeArguments(ttlClass: CacheTtlClass, { partialMs, finalMs }: CacheTtls): [string, number] {
  return [letters[ttlClass], ttlClass === 'final' ? finalMs : partialMs];
}

/** The TTL class that a script names by its letter. */
export function ttlClassOf(letter: string | undefined): CacheTtlClass {
  return classes[asStatus(letter, ['p', 'f', 's'])];
}
