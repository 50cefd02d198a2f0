/** Delays between connection attempts. */
export interface Backoff {
  /** Maximum delay before the first attempt in milliseconds (default 200); doubles with each failure. */
  readonly firstMs: number;
  /**
   * Maximum delay before any attempt in milliseconds (default 10,000). A connection that lasted this long resets
   * the failure count.
   */
  readonly maxMs: number;
}

export const defaultBackoff: Backoff = { firstMs: 200, maxMs: 10_000 };

/**
 * Exponential backoff with full jitter, so that clients that lost the same edge don't reconnect at the same moment
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param failures number of consecutive failures, from 0
 * @param random a number in [0, 1)
 * @returns the delay in milliseconds
 */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff, random: number): number {
  return Math.round(random * Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30)));
}

/**
 * The time until a message is sent again that the server wants later: no sooner, and not all clients at the same moment.
 *
 * @param retryAfterMs as the server says
 * @param random a number in [0, 1)
 * @returns the delay in milliseconds
 */
export function requestedWaitMs(retryAfterMs: number, random: number): number {
  return Math.round(retryAfterMs * (1 + 0.2 * random));
}

/**
 * The time between two questions whether a session has begun: 5 s on average, as the server asks for, but at random, so that a
 * whole audience does not ask at the same moment.
 *
 * @param random a number in [0, 1)
 * @returns the delay in milliseconds
 */
export function notStartedWaitMs(random: number): number {
  return Math.round(2500 + 5000 * random);
}

/** Resolves after `ms` milliseconds, or immediately when the signal is aborted. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
  });
}
