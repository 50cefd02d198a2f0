import { randomBytes, randomInt } from 'node:crypto';

/** The highest number of shards of the queues. */
export const maxShards = 64;

const shardSuffix = /\.(\d{1,2})$/;

/**
 * Returns the ID of a new session. It names the shard of the queues that the session's jobs are added to, so that every
 * process knows it without asking, also after the number of shards has changed.
 *
 * @param shards the number of shards, at least 1
 */
export function newSessionId(shards: number): string {
  const random = randomBytes(12).toString('base64url');
  const shard = randomInt(shards);
  return shard === 0 ? random : `${random}.${shard}`;
}

/** Returns the shard of a session; 0 if its ID names none. */
export function shardOf(sessionId: string): number {
  const shard = Number(shardSuffix.exec(sessionId)?.[1] ?? 0);
  return shard < maxShards ? shard : 0;
}
