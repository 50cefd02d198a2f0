import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { keyFamily, namesOfKeys } from './key-census.ts';
import type { Problems } from './problems.ts';

const pollMs = 1000;
/** Of sessions, other than those that health checks store. */
const sessionKey = /^(\{s:(?!probe-)|join:)/;

/** Waits until nothing is left of the sessions but their rooms; what stays too long is a problem. */
export async function requireExpiry(
  redis: Redis,
  problems: Problems,
  withinMs: number,
  signal: AbortSignal,
): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const left = [...(await namesOfKeys(redis))].filter((key) => sessionKey.test(key));
    if (left.length === 0) return;
    if (performance.now() > deadlineMs || signal.aborted) {
      for (const [, [key = '', ...others]] of Map.groupBy(left, keyFamily)) {
        const expiresIn = `expires in ${await redis.pttl(key)} ms, and ${others.length} more like it`;
        problems.add(`a key is left after the end of all sessions: ${key} (${expiresIn})`);
      }
      return;
    }
    await delay(pollMs);
  }
}
