import { setTimeout as delay } from 'node:timers/promises';

/** Resolves once `isSo` holds; asks forty times a second. @throws Error that names `what` after `timeoutMs` */
export async function until(what: string, isSo: () => Promise<boolean> | boolean, timeoutMs = 60_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await delay(25);
  }
}
