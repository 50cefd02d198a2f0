// @ts-check
// Plays a recorded talk: what a recogniser heard, at the moments when it did.

/** @typedef {{ t: number, segment: number, final: boolean, text: string }} Entry t in milliseconds since the talk began */

/**
 * Calls `onEntry` for each entry at its time. Where the browser was asleep and is late, the partials that are overtaken
 * already are left out; finals never are.
 *
 * @param {readonly Entry[]} entries by growing `t`
 * @param {{ onEntry: (entry: Entry) => void, signal: AbortSignal, now?: () => number, wait?: (ms: number, signal: AbortSignal) => Promise<void> }} options
 * @returns {Promise<void>} settled when the talk is over; rejected with the signal's reason when it is stopped
 */
export async function playTalk(entries, { onEntry, signal, now = () => performance.now(), wait = waitFor }) {
  const began = now();
  for (const [index, entry] of entries.entries()) {
    const early = entry.t - (now() - began);
    if (early > 0) await wait(early, signal);
    signal.throwIfAborted();
    if (!isOvertaken(entry, entries[index + 1], now() - began)) onEntry(entry);
  }
}

/**
 * @param {Entry} entry
 * @param {Entry | undefined} next
 * @param {number} elapsedMs
 */
function isOvertaken(entry, next, elapsedMs) {
  return !entry.final && next !== undefined && next.segment === entry.segment && next.t <= elapsedMs;
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function waitFor(ms, signal) {
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
