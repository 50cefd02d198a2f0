/** A token bucket: it gains `perMs` and holds `capacity` at most. */
export interface BucketShape {
  readonly perMs: number;
  readonly capacity: number;
}

/** The buckets of one endpoint; `undefined`: no limit is known. */
export interface RoomShape {
  readonly requests: BucketShape | undefined;
  readonly tokens: BucketShape | undefined;
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
export function bucketShape(perMinute: number): BucketShape {
  const capacity = Math.max(1, (perMinute * burstMs) / minuteMs);
  const inAMinute = Math.max(Math.min(perMinute * usedShare, perMinute - capacity), perMinute / 2);
  return { perMs: inAMinute / minuteMs, capacity };
}

/** The share of one out of so many who can't ask each other. */
export function dividedShape({ perMs, capacity }: BucketShape, among: number): BucketShape {
  return { perMs: perMs / among, capacity: Math.max(1, capacity / among) };
}
