/** Holding segments is cheap, but all of a thread's segments have to be taken over if it dies. */
export const maxHeldSegments = 500;

/** Long finals have places of their own, half as many as short ones. */
export const longShare = 0.5;

/**
 * The part of a thread's concurrency that each shard of a queue has. It is rounded up, since a shard with none would be served by
 * nobody; with many shards, a thread may have more jobs than its concurrency.
 */
export function shardShare(concurrency: number, shards: number): number {
  return Math.ceil(concurrency / shards);
}
