/** Holding segments is cheap, but all of a thread's segments have to be taken over if it dies. */
export const maxHeldSegments = 500;

/** Long finals have places of their own, half as many as short ones. */
export const longShare = 0.5;

/** The part of a thread's concurrency that each shard of a queue has, at least 1. */
export function shardShare(concurrency: number, shards: number): number {
  return Math.ceil(concurrency / shards);
}
