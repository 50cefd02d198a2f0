import type { TraceEvent } from '../trace/trace.ts';

/** One recognizer event of a trace that repeats endlessly. */
export interface TalkEvent {
  /** Milliseconds since the previous event. */
  readonly pauseMs: number;
  readonly segmentId: number;
  readonly final: boolean;
  readonly text: string;
  readonly stable: string | undefined;
}

/**
 * Repeats a trace endlessly. Every utterance gets a new segment id. The start is configurable, so that sessions don't send
 * the same text at the same time.
 *
 * @param firstUtterance index of the first utterance, modulo their number
 * @param prefixOf returns the prefix of all texts of the utterance with that index
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
    for (const { pauseMs, final, text, stable } of utterances[index] ?? []) {
      yield { pauseMs, segmentId, final, text: prefix + text, stable: stable && prefix + stable };
    }
  }
}

/** Whether the utterance with this index belongs to the evenly spread `share` that all sessions have in common. */
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
