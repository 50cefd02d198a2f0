import { setTimeout as delay } from 'node:timers/promises';

/** Resolves at a time of `performance.now()`, at once if it has passed; rejects with an `AbortError`. */
export async function waitUntil(timeMs: number, signal: AbortSignal): Promise<void> {
  const pauseMs = Math.round(timeMs - performance.now());
  if (pauseMs > 0) await delay(pauseMs, undefined, { signal });
}

/**
 * Yields items `intervalMs` apart, the first at once. Due times don't drift: after a delay, all items that are due are
 * yielded as one batch.
 */
export async function* paced<Item>(
  items: readonly Item[],
  intervalMs: number,
  signal: AbortSignal,
): AsyncGenerator<readonly Item[]> {
  const startMs = performance.now();
  let next = 0;
  while (next < items.length) {
    await waitUntil(startMs + next * intervalMs, signal);
    const due = intervalMs === 0 ? items.length : Math.floor((performance.now() - startMs) / intervalMs) + 1;
    const batch = items.slice(next, Math.max(due, next + 1));
    next += batch.length;
    yield batch;
  }
}
