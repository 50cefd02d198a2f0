import type { RedisLogin, RedisServers } from '@parley/redis/servers';
import { readCertificates } from '../certificate-file.ts';
import type { Config } from '../load-config.ts';
import { parseRedisUrl } from './redis-url.ts';

type RedisConfig = Pick<
  Config,
  | 'REDIS_URL'
  | 'REDIS_SENTINELS'
  | 'REDIS_SENTINEL_MASTER'
  | 'REDIS_SENTINEL_USERNAME'
  | 'REDIS_SENTINEL_PASSWORD'
  | 'REDIS_CLUSTER'
  | 'REDIS_CA_FILE'
  | 'REDIS_TLS_VERIFY'
>;

/** Enough that three masters share the work. */
const clusterShards = 4;
const defaultUrl = 'redis://127.0.0.1:6379';

/** The variable that leads to the Redis for sessions and jobs; `undefined` if none is set. */
export function redisVariable(
  config: Pick<Config, 'REDIS_URL' | 'REDIS_SENTINELS' | 'REDIS_CLUSTER'>,
): 'REDIS_URL' | 'REDIS_SENTINELS' | 'REDIS_CLUSTER' | undefined {
  const variables = ['REDIS_SENTINELS', 'REDIS_CLUSTER', 'REDIS_URL'] as const;
  return variables.find((name) => config[name] !== undefined);
}

/** The number of parts of the queues. */
export function queueShards(config: Pick<Config, 'QUEUE_SHARDS' | 'REDIS_CLUSTER'>): number {
  return config.QUEUE_SHARDS ?? (config.REDIS_CLUSTER === undefined ? 1 : clusterShards);
}

/**
 * The servers of the Redis for sessions and jobs; by default the standard port on this machine.
 *
 * @throws ConfigError if `REDIS_CA_FILE` is needed and can't be read
 */
export function redisServers(config: RedisConfig): RedisServers {
  const { address, ...access } = accessBy(config.REDIS_URL ?? defaultUrl, config);
  if (config.REDIS_SENTINELS !== undefined) {
    return {
      ...access,
      kind: 'sentinel',
      masterName: config.REDIS_SENTINEL_MASTER,
      sentinels: config.REDIS_SENTINELS,
      sentinelLogin: sentinelLogin(config),
    };
  }
  if (config.REDIS_CLUSTER !== undefined) return { ...access, kind: 'cluster', nodes: config.REDIS_CLUSTER };
  return { ...access, kind: 'standalone', address };
}

/**
 * The servers of the Redis for cached translations and singleflight; by default those for sessions.
 *
 * @throws ConfigError if `REDIS_CA_FILE` is needed and can't be read
 */
export function cacheRedisServers(config: RedisConfig & Pick<Config, 'CACHE_REDIS_URL'>): RedisServers {
  if (config.CACHE_REDIS_URL === undefined) return redisServers(config);
  return { ...accessBy(config.CACHE_REDIS_URL, config), kind: 'standalone' };
}

function accessBy(text: string, { REDIS_CA_FILE, REDIS_TLS_VERIFY }: RedisConfig) {
  const { isTls, ...access } = parseRedisUrl(text);
  const ca = isTls ? readCertificates('REDIS_CA_FILE', REDIS_CA_FILE) : undefined;
  return { ...access, tls: isTls ? { ca, verify: REDIS_TLS_VERIFY } : undefined };
}

function sentinelLogin({
  REDIS_SENTINEL_USERNAME: username,
  REDIS_SENTINEL_PASSWORD: password,
}: RedisConfig): RedisLogin {
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}
