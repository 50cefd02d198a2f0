import { isCluster, type RedisConnection } from './redis-connection.ts';

/**
 * Closes an open connection, which is then opened again, to whichever server its name leads to by then. One that is being opened
 * asks for the server anyway, and is left alone: ioredis could take the closing for the end of the client.
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
