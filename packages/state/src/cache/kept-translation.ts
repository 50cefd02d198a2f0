import type { KeptFor } from '@parley/translation';

/** How long translations are kept, in ms. */
export interface CacheLifetimes {
  readonly partialMs: number;
  readonly finalMs: number;
}

/** A partial's text is spoken again within its talk if at all; a final's may be any day. */
export const usualCacheLifetimes: CacheLifetimes = { partialMs: 5 * 60_000, finalMs: 24 * 3_600_000 };

/** The braces put it into the slot of its flight, in a Redis Cluster: one script looks at both. */
export function keptKey(key: string): string {
  return `tr:{${key}}`;
}

/** What a script that finds is told: a final makes what it finds its own. */
export function findingArgument(kind: KeptFor, lifetimes: CacheLifetimes): string | number {
  return kind === 'final' ? lifetimes.finalMs : '';
}

/** What a script that keeps is told: whose translation it is, and how long it is kept. */
export function keepingArguments(kind: KeptFor, lifetimes: CacheLifetimes): [string, number] {
  return kind === 'final' ? ['f', lifetimes.finalMs] : ['p', lifetimes.partialMs];
}
