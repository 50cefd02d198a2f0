// @ts-check
// Plays a recorded talk: the results of a speech recognizer at their original times.

/** @typedef {{ t: number, segment: number, final: boolean, text: string }} Entry t in milliseconds since the talk began */

/**
 * Calls `onEntry` for each entry at its time. If the browser was asleep and is late, outdated partials are skipped;
 * finals never are.
 *
 * @param {readonly Entry[]} entries by ascending `t`
 * @param {{ onEntry: (entry: Entry) => void, signal: AbortSignal, now?: () => number, wait?: (ms: number, signal: AbortSignal) => Promise<void> }} options
 * @returns {Promise<void>} resolves at the end of the talk; rejects with the signal's reason if it is aborted
 */
export async function playTalk(entries, { onEntry, signal, now = () => performance.now(), wait = abortableWait }) {
  const startMs = now();
  for (const [index, entry] of entries.entries()) {
    const delayMs = entry.t - (now() - startMs);
    if (delayMs > 0) await wait(delayMs, signal);
    signal.throwIfAborted();
    if (!isOutdated(entry, entries[index + 1], now() - startMs)) onEntry(entry);
  }
}

/**
 * @param {Entry} entry
 * @param {Entry | undefined} next
 * @param {number} elapsedMs
 */
function isOutdated(entry, next, elapsedMs) {
  return !entry.final && next !== undefined && next.segment === entry.segment && next.t <= elapsedMs;
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function abortableWait(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
