import { setTimeout as delay } from 'node:timers/promises';

/** Waits; resolves early with false at the signal. */
export async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal }).catch(() => false);
}
