import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisProcess } from './redis-process.ts';

/** Redis in one of the forms that Parley supports. */
export interface Topology extends AsyncDisposable {
  /** The variables with which Parley's processes reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** Every server except sentinels. */
  readonly servers: readonly RedisProcess[];
}

/** Resolves once `isSo` holds. @throws Error after `timeoutMs` */
export async function until(what: string, isSo: () => Promise<boolean> | boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(25);
  }
}

/** The value of a field of `INFO`. */
export async function infoField(redis: Redis, section: string, field: string): Promise<string | undefined> {
  const text = await redis.info(section);
  return new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(text)?.[1];
}
