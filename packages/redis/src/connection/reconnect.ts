import { isCluster, type RedisConnection } from './redis-connection.ts';

/**
 * Closes an open connection so that ioredis reconnects, to the server that its name leads to by then. Does nothing while it is
 * connecting: ioredis would end the client for good.
 */
export function reconnect(connection: RedisConnection): void {
  if (connection.status === 'connect' || connection.status === 'ready') connection.disconnect(true);
}

/**
 * Reconnects a connection for subscriptions after its server was replaced: messages reach only subscribers of the server that
 * they are published at. A cluster's connection moves its subscriptions itself.
 */
export function moveSubscriber(listening: RedisConnection): void {
  if (!isCluster(listening)) reconnect(listening);
}
