import type { EngineLoad } from './decide-in-flight.ts';

/**
 * From this median on, replies are streamed. Faster ones have no words that could be shown a tenth of a second sooner, and
 * reading the streams takes the worker a fifth more CPU time, see docs/stability.md.
 */
const slowReplyMs = 800;
const decideEveryMs = 5000;

/**
 * Returns the setting `PARTIAL_STREAMING`; `auto` is decided from the measurements every five seconds: an engine counts as slow
 * until there are enough of them.
 */
export function partialStreaming(
  setting: 'auto' | 'on' | 'off',
  load: () => Pick<EngineLoad, 'medianMs'>,
  now = () => performance.now(),
): () => boolean {
  if (setting !== 'auto') return () => setting === 'on';
  let isSlow = true;
  let decidedAtMs = now();
  return () => {
    if (now() - decidedAtMs >= decideEveryMs) {
      decidedAtMs = now();
      isSlow = (load().medianMs ?? Infinity) >= slowReplyMs;
    }
    return isSlow;
  };
}
