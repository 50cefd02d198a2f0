import { guideline } from '../guideline.ts';
import { textWidth } from '../text/grapheme-width.ts';
import type { Span, TranscriptLine } from './transcript-line.ts';

/** A recognizer that goes back further than this has been restarted, and counts from 0 again. */
const restartMs = 60_000;
/** Times further ahead of the lines before and of the arrival count from another zero, such as 1970. */
const aheadMs = 24 * 3_600_000;

/**
 * Returns when each line was said: by its own times or, if it has none, by its arrival, which is taken for the end of its
 * speech. Spans may overlap, as people do.
 *
 * @param startedAtMs the time on the clock of `receivedAtMs` that is 0 in the recording; by default, the first line without
 *   times starts at 0
 */
export function spansOf(lines: readonly TranscriptLine[], startedAtMs?: number): Span[] {
  /** The arrival of a line minus its end in the recording; updated by each line with times. */
  let zeroMs = startedAtMs;
  let shiftMs = 0;
  let last: Span = { startMs: 0, endMs: 0 };
  return lines.map((line) => {
    const speechMs = speechMsOf(line.text);
    zeroMs ??= line.receivedAtMs - speechMs;
    const arrivalMs = Math.max(0, line.receivedAtMs - zeroMs);
    const own = ownSpan(line, speechMs);
    if (own === undefined) {
      const startMs = Math.max(last.endMs, arrivalMs - speechMs);
      last = { startMs, endMs: Math.max(startMs, arrivalMs) };
      return last;
    }
    const ownMs = own.endMs - own.startMs;
    const shiftedMs = own.startMs + shiftMs;
    const isRestarted = shiftedMs < last.startMs - restartMs;
    const isAhead = shiftedMs > Math.max(last.startMs, arrivalMs) + aheadMs;
    if (isRestarted || isAhead) shiftMs = Math.max(0, arrivalMs - ownMs) - own.startMs;
    last = { startMs: own.startMs + shiftMs, endMs: own.endMs + shiftMs };
    zeroMs = line.receivedAtMs - last.endMs;
    return last;
  });
}

function ownSpan({ startMs, endMs }: TranscriptLine, speechMs: number): Span | undefined {
  if (startMs === undefined && endMs === undefined) return undefined;
  const start = startMs ?? Math.max(0, (endMs ?? 0) - speechMs);
  return { startMs: start, endMs: Math.max(start, endMs ?? start + speechMs) };
}

/** An estimate: people speak about as fast as they read subtitles. */
function speechMsOf(text: string): number {
  return Math.round((textWidth(text.trim()) / guideline.readingSpeed) * 1000);
}
