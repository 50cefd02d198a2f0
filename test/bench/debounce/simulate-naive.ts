import type { SegmentOutcome } from './simulate-segment.ts';
import type { TraceEvent } from '../recorded-segments.ts';

/**
 * Simulates one segment in which every revision and the final make a call at once, without a limit. Results older than the
 * shown one are dropped.
 */
export function simulateNaive(events: readonly TraceEvent[], latencyMs: () => number): SegmentOutcome {
  const replies = events.map(({ t, text }, revision) => ({ revision, text, atMs: t + latencyMs() }));
  const [said, final] = [events.at(-1), replies.at(-1)];
  if (said === undefined || final === undefined) throw new Error('a segment of a trace must end with its final');
  let shownRevision = -1;
  const shown = replies
    .sort((one, other) => one.atMs - other.atMs)
    .filter(({ revision, atMs }) => {
      if (revision <= shownRevision || atMs > final.atMs) return false;
      shownRevision = revision;
      return true;
    });
  return {
    said: events.map(({ t, text }) => ({ atMs: t, text })),
    shown: shown.map(({ atMs, text }) => ({ atMs, text })),
    calls: events.length,
    finalCalls: 1,
    finalMs: final.atMs - said.t,
  };
}
