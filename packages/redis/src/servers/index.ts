/** The host and port of a server. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** A login of Redis; without a user name it is that of the user `default`. */
export interface RedisLogin {
  readonly username?: string;
  readonly password?: string;
}

export interface RedisTls {
  /** PEM certificates that are trusted instead of those of the system. */
  readonly ca: string | undefined;
  /** Whether the server's certificate is verified. */
  readonly verify: boolean;
}

interface RedisAccess {
  readonly login: RedisLogin;
  readonly database: number;
  /** `undefined`: without TLS. */
  readonly tls: RedisTls | undefined;
}

/** One server, over TCP or a Unix socket. */
export interface StandaloneRedis extends RedisAccess {
  readonly kind: 'standalone';
  readonly address: ServerAddress | { readonly path: string };
}

/** A master and its replicas; the sentinels know which server is the master. */
export interface SentinelRedis extends RedisAccess {
  readonly kind: 'sentinel';
  readonly masterName: string;
  readonly sentinels: readonly ServerAddress[];
  readonly sentinelLogin: RedisLogin;
}

/** A Redis Cluster; the nodes tell which others there are. */
export interface ClusterRedis extends RedisAccess {
  readonly kind: 'cluster';
  readonly nodes: readonly ServerAddress[];
}

/** How a process reaches Redis. */
export type RedisServers = StandaloneRedis | SentinelRedis | ClusterRedis;
