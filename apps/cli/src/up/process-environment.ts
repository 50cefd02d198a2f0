import type { ProcessName } from '@parley/config';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Addresses that the processes of one `parley up` share. */
export interface StackAddresses {
  /** The private Redis, or `REDIS_URL` as it is configured. */
  readonly redisUrl: string | undefined;
  /** The Redis for the cache and for singleflight; `undefined`: the one for sessions. */
  readonly cacheRedisUrl: string | undefined;
  /** The local engine, if there is one. */
  readonly engineUrl: string | undefined;
}

/** Log levels that suppress the `ready` line. */
const quietLevels = ['warn', 'error', 'fatal', 'silent'];

/**
 * Returns the environment of one process: that of `up`, with the addresses of the other processes.
 *
 * @param port the port to listen on; 0 for any free port
 */
export function processEnvironment(
  name: Exclude<ProcessName, 'up'>,
  port: number,
  environment: Environment,
  { redisUrl, cacheRedisUrl, engineUrl }: StackAddresses,
): Environment {
  const level = environment.LOG_LEVEL ?? 'info';
  return {
    ...environment,
    ...(engineUrl === undefined ? {} : { OPENAI_BASE_URL: new URL('/v1', engineUrl).href }),
    // Only the edge accepts connections from other machines.
    ...(name === 'edge' ? {} : { HOST: '127.0.0.1' }),
    ...(name === 'worker' ? { HEALTH_PORT: String(port), PORT: undefined } : { PORT: String(port) }),
    // The same for several processes.
    METRICS_PORT: undefined,
    // Links of `up` are plain HTTP.
    TLS_CERT_FILE: undefined,
    TLS_KEY_FILE: undefined,
    REDIS_URL: redisUrl,
    CACHE_REDIS_URL: cacheRedisUrl,
    LOG_LEVEL: quietLevels.includes(level) ? 'info' : level,
  };
}
