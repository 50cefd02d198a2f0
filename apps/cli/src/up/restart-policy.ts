const delaysMs = [250, 1000, 4000];
const windowMs = 60_000;

/**
 * How long to wait before a process that ended by itself is started again.
 *
 * @param endedAtMs when it ended so far, this time included, oldest first
 * @returns milliseconds; `undefined` after more than three times in a minute
 */
export function restartDelayMs(endedAtMs: readonly number[], nowMs: number): number | undefined {
  const lately = endedAtMs.filter((at) => nowMs - at < windowMs);
  return delaysMs[lately.length - 1];
}
