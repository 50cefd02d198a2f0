import type { Redis } from 'ioredis';

const everyMs = 5000;

/**
 * Asks for a sign of life on a connection that only listens: nothing else would show that its peer is gone without a
 * word. `socketTimeout` ends the connection where no answer comes.
 */
export function keepWatching(redis: Redis): void {
  const timer = setInterval(() => {
    if (redis.status === 'ready') redis.ping().catch(() => undefined);
  }, everyMs);
  timer.unref();
  redis.once('end', () => clearInterval(timer));
}
