import type { EngineLimits } from '../engine/engine.ts';

/** A token bucket: it gains `perMs` and holds `capacity` at most. */
export interface Bucket {
  readonly perMs: number;
  readonly capacity: number;
}

/** The buckets of one endpoint; `undefined`: no limit is known. */
export interface Buckets {
  readonly requests: Bucket | undefined;
  readonly tokens: Bucket | undefined;
}

const minuteMs = 60_000;
/** What of the allowance is used in the long run; the rest is for bursts, and for calls that take longer to arrive. */
const usedShare = 0.95;
/** A full bucket holds what comes in so many milliseconds. */
const burstMs = 500;

/**
 * The bucket whose calls an engine admits that counts `perMinute` in any minute, and also one that refills continuously
 * and holds half a second's allowance: what comes in a minute and a full bucket together stay within the limit. One call
 * must always fit in, so for fewer than twenty a minute the bucket refills more slowly instead.
 */
export function bucketFor(perMinute: number): Bucket {
  const capacity = Math.max(1, (perMinute * burstMs) / minuteMs);
  const inAMinute = Math.max(Math.min(perMinute * usedShare, perMinute - capacity), perMinute / 2);
  return { perMs: inAMinute / minuteMs, capacity };
}

/** The part of one thread out of so many that can't ask each other. */
export function dividedBucket({ perMs, capacity }: Bucket, among: number): Bucket {
  return { perMs: perMs / among, capacity: Math.max(1, capacity / among) };
}

/** What an endpoint allows in a minute; `undefined`: not known. */
export interface MinuteLimits {
  readonly requests: number | undefined;
  readonly tokens: number | undefined;
}

/** The limits that are configured and, where one isn't, the one that the engine told last. */
export class Limits {
  readonly #configured: MinuteLimits;
  #known: MinuteLimits;
  #buckets: Buckets;

  constructor(configured: MinuteLimits) {
    this.#configured = configured;
    this.#known = configured;
    this.#buckets = bucketsOf(configured);
  }

  /** `undefined` as long as no limit is known. */
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
