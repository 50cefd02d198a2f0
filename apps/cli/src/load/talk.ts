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
 */
export function* endlessTalk(events: readonly TraceEvent[], firstUtterance: number): Generator<TalkEvent, never> {
  const utterances = utterancesOf(events);
  for (let segmentId = 1; ; segmentId += 1) {
    const utterance = utterances[(firstUtterance + segmentId - 1) % utterances.length] ?? [];
    for (const { pauseMs, final, text } of utterance) yield { pauseMs, segmentId, final, text };
  }
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
