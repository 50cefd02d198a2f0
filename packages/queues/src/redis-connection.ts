import type { Cluster, Redis } from 'ioredis';

/** A connection to one server, or to all nodes of a cluster. */
export type RedisConnection = Redis | Cluster;
