import type { RedisConnection } from '../connection/redis-connection.ts';
import { ShardedSubscriptions } from '../connection/sharded-subscriptions.ts';

const channel = 'usage:ending';

/** Notifies all worker threads that a session is ending, so that they write its usage before it ends. */
export async function announceSessionEnd(redis: RedisConnection, sessionId: string): Promise<void> {
  await redis.spublish(channel, sessionId);
}

export interface SessionEndListener {
  onEnding(sessionId: string): void;
  /** The subscription was interrupted, so notices may have been missed. */
  onMissed(): void;
}

/**
 * Subscribes to notices of ending sessions. Resolves when Redis has confirmed the subscription.
 *
 * @param redis a connection used only for subscriptions
 */
export async function listenForSessionEnds(redis: RedisConnection, listener: SessionEndListener): Promise<void> {
  redis.on('smessage', (from: string, sessionId: string) => {
    if (from === channel) listener.onEnding(sessionId);
  });
  await new ShardedSubscriptions(redis, () => listener.onMissed()).add(channel);
}
