const delaysMs = [250, 1000, 4000];
const windowMs = 60_000;

/**
 * Returns the delay before a process that exited unexpectedly is restarted.
 *
 * @param exitedAtMs the times of its exits, including the current one, oldest first
 * @returns milliseconds; `undefined` after more than three exits in a minute
 */
export function restartDelayMs(exitedAtMs: readonly number[], nowMs: number): number | undefined {
  const recent = exitedAtMs.filter((at) => nowMs - at < windowMs);
  return delaysMs[recent.length - 1];
}
