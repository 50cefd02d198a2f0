import { setTimeout as sleep } from 'node:timers/promises';

const periodMs = 20;

/** Uses a share of one core until the signal. */
export async function burnCpu(share: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const untilMs = performance.now() + periodMs * Math.min(share, 1);
    while (performance.now() < untilMs);
    await sleep(periodMs * Math.max(0, 1 - share), undefined, { signal }).catch(() => undefined);
  }
}
