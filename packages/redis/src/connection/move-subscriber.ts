import { isCluster, type RedisConnection } from './redis-connection.ts';

/**
 * Reconnects a connection for subscriptions after its server was replaced: messages reach only subscribers of the server that
 * they are published at. A cluster's connection moves its subscriptions itself.
 */
export function moveSubscriber(listening: RedisConnection): void {
  if (!isCluster(listening)) listening.disconnect(true);
}
