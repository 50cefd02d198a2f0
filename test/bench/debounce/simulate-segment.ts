import { filterPartial, normalizeText, type PartialFilterSettings } from '@parley/translation';
import type { Moment } from './words.ts';
import type { TraceEvent } from '../recorded-segments.ts';
import { TargetModel } from './target-model.ts';

/** The outcome of one segment. */
export interface SegmentOutcome {
  readonly said: readonly Moment[];
  /** The texts whose translations were shown, in order; the last one is the final. */
  readonly shown: readonly Moment[];
  readonly calls: number;
  /** Those of the calls that the final needed: 0 if it used the call of a partial. */
  readonly finalCalls: number;
  /** Time from the final to its translation. */
  readonly finalMs: number;
}

/** Simulates one segment with the partial filter, an open segment that keeps its newest revision, and a final that joins a call for its text. */
export function simulateSegment(
  events: readonly TraceEvent[],
  settings: PartialFilterSettings,
  engine: { readonly latencyMs: () => number; readonly inFlight: number },
): SegmentOutcome {
  const target = new TargetModel(engine);
  let sentText: string | undefined;
  let previousAtMs: number | undefined;
  let debounced: { text: string; revision: number; sinceMs: number; untilMs: number } | undefined;
  const send = (revision: number, text: string, nowMs: number): void => {
    sentText = text;
    debounced = undefined;
    target.put(revision, text, nowMs);
  };
  const sendDue = (nowMs: number): void => {
    if (debounced !== undefined && debounced.untilMs <= nowMs)
      send(debounced.revision, debounced.text, debounced.untilMs);
  };
  for (const [revision, { t: nowMs, text, final }] of events.entries()) {
    sendDue(nowMs);
    if (final) break;
    const debouncedSinceMs = debounced?.sinceMs;
    const verdict = filterPartial({ text, sentText, debouncedSinceMs, previousAtMs, nowMs }, settings);
    previousAtMs = nowMs;
    if (verdict.action === 'send') send(revision, text, nowMs);
    else if (verdict.action === 'drop') debounced = undefined;
    else debounced = { text, revision, sinceMs: debouncedSinceMs ?? nowMs, untilMs: verdict.untilMs };
  }
  const final = events.at(-1);
  if (final?.final !== true) throw new Error('a segment of a trace must end with its final');
  const finalAtMs = target.settle(normalizeText(final.text), final.t);
  return {
    said: events.map(({ t, text }) => ({ atMs: t, text })),
    shown: [...target.shown, { atMs: finalAtMs, text: final.text }],
    calls: target.calls,
    finalCalls: target.finalCalls,
    finalMs: finalAtMs - final.t,
  };
}
