import type { TraceEvent } from '../trace/trace.ts';

/** One recognised moment of a talk that is spoken over and over. */
export interface TalkEvent {
  /** Milliseconds of the talk since the event before. */
  readonly pauseMs: number;
  readonly segmentId: number;
  readonly final: boolean;
  readonly text: string;
}

/**
 * Speaks a trace without an end: every utterance gets a new segment id, and the talk may begin at any of its utterances,
 * so that many sessions don't say the same thing at the same time.
 *
 * @param firstUtterance where to begin, counted from 0; counts round
 * @param prefixOf what is put before the texts of an utterance, counted from 0
 */
export function* endlessTalk(
  events: readonly TraceEvent[],
  firstUtterance: number,
  prefixOf: (utterance: number) => string = () => '',
): Generator<TalkEvent, never> {
  const utterances = utterancesOf(events);
  for (let segmentId = 1; ; segmentId += 1) {
    const index = (firstUtterance + segmentId - 1) % utterances.length;
    const prefix = prefixOf(index);
    for (const { pauseMs, final, text } of utterances[index] ?? []) {
      yield { pauseMs, segmentId, final, text: prefix + text };
    }
  }
}

/** Whether an utterance, counted from 0, is one of that share of a talk, evenly spread, which every session says alike. */
export function isCommonUtterance(utterance: number, share: number): boolean {
  return Math.floor((utterance + 1) * share + 0.5) > Math.floor(utterance * share + 0.5);
}

interface UtteranceEvent extends TraceEvent {
  readonly pauseMs: number;
}

function utterancesOf(events: readonly TraceEvent[]): UtteranceEvent[][] {
  const utterances = new Map<number, UtteranceEvent[]>();
  let lastMs = 0;
  for (const event of events) {
    const paused = { ...event, pauseMs: event.t - lastMs };
    lastMs = event.t;
    const utterance = utterances.get(event.segment);
    if (utterance === undefined) utterances.set(event.segment, [paused]);
    else utterance.push(paused);
  }
  return [...utterances.values()];
}
