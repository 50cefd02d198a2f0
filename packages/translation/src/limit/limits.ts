import type { EngineLimits } from '../engine/engine.ts';

/** A token bucket that refills at `perMs` up to `capacity`. */
export interface Bucket {
  readonly perMs: number;
  readonly capacity: number;
}

/** The buckets of one endpoint; `undefined`: no known limit. */
export interface Buckets {
  readonly requests: Bucket | undefined;
  readonly tokens: Bucket | undefined;
}

const minuteMs = 60_000;
/** Share of the allowance used in the long run; the rest covers bursts and calls delayed on the way. */
const usedShare = 0.95;
/** A full bucket holds the allowance of this many milliseconds. */
const burstMs = 500;

/**
 * Returns the bucket for a limit per minute. It satisfies engines that count over any 60 seconds as well as those with a
 * continuously refilled bucket of half a second's allowance: a minute's refill and a full bucket together stay within the
 * limit. The capacity is at least one call, so limits below twenty per minute refill more slowly.
 */
export function bucketFor(perMinute: number): Bucket {
  const capacity = Math.max(1, (perMinute * burstMs) / minuteMs);
  const inAMinute = Math.max(Math.min(perMinute * usedShare, perMinute - capacity), perMinute / 2);
  return { perMs: inAMinute / minuteMs, capacity };
}

/** Returns the share of one of `among` threads that cannot coordinate. */
export function dividedBucket({ perMs, capacity }: Bucket, among: number): Bucket {
  return { perMs: perMs / among, capacity: Math.max(1, capacity / among) };
}

/** Limits per minute of an endpoint; `undefined`: unknown. */
export interface MinuteLimits {
  readonly requests: number | undefined;
  readonly tokens: number | undefined;
}

/** The configured limits, completed by those that the engine reported last. */
export class Limits {
  readonly #configured: MinuteLimits;
  #known: MinuteLimits;
  #buckets: Buckets;

  constructor(configured: MinuteLimits) {
    this.#configured = configured;
    this.#known = configured;
    this.#buckets = bucketsOf(configured);
  }

  /** `undefined` while no limit is known. */
  get buckets(): Buckets | undefined {
    return this.#buckets.requests === undefined && this.#buckets.tokens === undefined ? undefined : this.#buckets;
  }

  learn({ requests, tokens }: EngineLimits): void {
    const known = {
      requests: this.#configured.requests ?? requests.perMinute ?? this.#known.requests,
      tokens: this.#configured.tokens ?? tokens.perMinute ?? this.#known.tokens,
    };
    if (known.requests === this.#known.requests && known.tokens === this.#known.tokens) return;
    this.#known = known;
    this.#buckets = bucketsOf(known);
  }
}

function bucketsOf({ requests, tokens }: MinuteLimits): Buckets {
  return {
    requests: requests === undefined ? undefined : bucketFor(requests),
    tokens: tokens === undefined ? undefined : bucketFor(tokens),
  };
}
