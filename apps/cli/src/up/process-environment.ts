import type { ProcessName } from '@parley/config';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the processes of one `parley up` share, as far as it is known when one of them starts. */
export interface Surroundings {
  readonly redisUrl: string;
  /** Where cached translations and shared calls are; the same where there is only one. */
  readonly cacheRedisUrl: string;
  /** The local engine, where there is one. */
  readonly engineUrl: string | undefined;
}

/** Levels at which the line that says `ready` is not written. */
const tooQuiet = ['warn', 'error', 'fatal', 'silent'];

/**
 * The environment of one process: the one of `up`, with the addresses of its neighbours.
 *
 * @param port where it is to listen; 0: any free port
 */
export function processEnvironment(
  name: Exclude<ProcessName, 'up'>,
  port: number,
  environment: Environment,
  { redisUrl, cacheRedisUrl, engineUrl }: Surroundings,
): Environment {
  const level = environment.LOG_LEVEL ?? 'info';
  return {
    ...environment,
    ...(engineUrl === undefined ? {} : { OPENAI_BASE_URL: new URL('/v1', engineUrl).href }),
    // Only the edge is meant for other machines.
    ...(name === 'edge' ? {} : { HOST: '127.0.0.1' }),
    ...(name === 'worker' ? { HEALTH_PORT: String(port), PORT: undefined } : { PORT: String(port) }),
    REDIS_URL: redisUrl,
    CACHE_REDIS_URL: cacheRedisUrl,
    LOG_LEVEL: tooQuiet.includes(level) ? 'info' : level,
  };
}
