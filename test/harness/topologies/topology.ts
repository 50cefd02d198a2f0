import type { Redis } from 'ioredis';
import type { RedisProcess } from './redis-process.ts';

/** Redis in one of the forms that Parley supports. */
export interface Topology extends AsyncDisposable {
  /** The variables with which Parley's processes reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** Every server except sentinels. */
  readonly servers: readonly RedisProcess[];
}

/** The value of a field of `INFO`. */
export async function infoField(redis: Redis, section: string, field: string): Promise<string | undefined> {
  const text = await redis.info(section);
  return new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(text)?.[1];
}
