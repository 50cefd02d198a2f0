import type { TraceEvent } from '../trace/trace.ts';

/** A text of the recognizer. */
export interface RecordedText {
  /** Milliseconds since the start of the recording. */
  readonly t: number;
  readonly text: string;
}

/** A segment of a trace, with all its revisions. */
export interface RecordedSegment {
  readonly revisions: readonly RecordedText[];
  readonly final: RecordedText;
}

/**
 * Splits a trace into its segments. Events without text, revisions after the final, and segments without a final are left
 * out, as nothing would be shown for them.
 */
export function segmentsOf(events: readonly TraceEvent[]): RecordedSegment[] {
  const open = new Map<number, RecordedText[]>();
  const settled = new Set<number>();
  const segments: RecordedSegment[] = [];
  for (const { t, segment, final, text } of events) {
    if (settled.has(segment) || text.trim() === '') continue;
    const revisions = open.get(segment) ?? [];
    if (final) {
      settled.add(segment);
      segments.push({ revisions, final: { t, text } });
    } else {
      revisions.push({ t, text });
      open.set(segment, revisions);
    }
  }
  return segments;
}
