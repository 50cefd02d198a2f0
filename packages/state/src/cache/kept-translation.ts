import type { KeptAs, KeptFor } from '@parley/translation';

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

/** What a script that keeps is told: as what it keeps the translation, and for how long. */
export function keepingArguments(as: KeptAs, { partialMs, finalMs }: CacheLifetimes): [string, number] {
  if (as === 'final') return ['f', finalMs];
  return [as === 'partial' ? 'p' : 's', partialMs];
}
