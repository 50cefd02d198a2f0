/** How long to wait before a connection is tried again. */
export interface Backoff {
  /** The most milliseconds before the first try (default 200); each later one may wait twice as long. */
  readonly firstMs: number;
  /** The most milliseconds before any try (default 10,000); a connection that lasted so long begins the count anew. */
  readonly maxMs: number;
}

export const defaultBackoff: Backoff = { firstMs: 200, maxMs: 10_000 };

/**
 * Exponential backoff with full jitter: anything between nothing and the bound, so that clients which lost their edge
 * together don't come back together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param failures how many tries have failed in a row, from 0
 * @param random a number in [0, 1)
 */
export function backoffMs(failures: number, { firstMs, maxMs }: Backoff, random: number): number {
  return random * Math.min(maxMs, firstMs * 2 ** Math.min(failures, 30));
}
