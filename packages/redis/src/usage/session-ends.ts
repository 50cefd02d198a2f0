import type { Redis } from 'ioredis';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';

const channel = 'usage:ending';

/** Tells all worker threads that a session ends, so that they write what it has used before its end is told. */
export async function announceSessionEnd(redis: Redis, sessionId: string): Promise<void> {
  await redis.spublish(channel, sessionId);
}

export interface SessionEndListener {
  onEnding(sessionId: string): void;
  /** The connection was away: ends may have been missed. */
  onMissed(): void;
}

/**
 * Hears which sessions end. Resolves once Redis has acknowledged the subscription.
 *
 * @param redis a connection that only subscribes
 */
export async function listenForSessionEnds(redis: Redis, listener: SessionEndListener): Promise<void> {
  redis.on('smessage', (from: string, sessionId: string) => {
    if (from === channel) listener.onEnding(sessionId);
  });
  await new ShardedSubscriptions(redis, () => listener.onMissed()).add(channel);
}
