import { Cluster, type Redis, type RedisOptions } from 'ioredis';

/** A connection to one server, or to all nodes of a cluster. */
export type RedisConnection = Redis | Cluster;

/** Options of a connection; its replies are those of RESP2. */
export type ServerOptions = Omit<RedisOptions, 'replyMapping'>;

export function isCluster(redis: RedisConnection): redis is Cluster {
  return redis instanceof Cluster;
}
