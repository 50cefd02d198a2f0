import { isBlank } from '@parley/protocol';
import type { SubtitleCue } from '../cue.ts';
import { guideline, readingMs } from '../guideline.ts';
import { AtomRun } from '../text/atom-run.ts';
import { atomsOf } from '../text/atoms.ts';
import { breakLines } from '../text/break-lines.ts';
import { splitText } from '../text/split-text.ts';
import { spansOf } from './line-spans.ts';
import type { Span, TranscriptLine } from './transcript-line.ts';

export interface CueOptions {
  /** The time on the clock of `receivedAtMs` that is 0 in the subtitles; by default, that of the first line's start. */
  readonly startedAtMs?: number | undefined;
}

/** A cue before its time is decided. */
interface PlacedText {
  readonly text: string;
  readonly width: number;
  readonly said: Span;
}

/**
 * Makes subtitles of a transcript, in the order of its lines: at most two lines of 42 columns a cue, divided at ends of
 * sentences, clauses or words, shown for 1 to 7 s and never overlapping. A cue starts when it is said, or once the one
 * before has been shown long enough to be read.
 *
 * @example
 * cuesOf([{ text: 'Good morning.', startMs: 400, endMs: 1900, receivedAtMs: 2000 }])
 * // [{ startMs: 400, endMs: 1900, text: 'Good morning.' }]
 */
export function cuesOf(lines: readonly TranscriptLine[], options: CueOptions = {}): SubtitleCue[] {
  const steps = cueSteps(lines, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Returns the same cues in the end, and yields after each line, so that a long transcript need not block other work. */
export function* cueSteps(
  lines: readonly TranscriptLine[],
  { startedAtMs }: CueOptions = {},
): Generator<void, SubtitleCue[]> {
  const visible = lines.filter(({ text }) => !isBlank(text));
  const spans = spansOf(visible, startedAtMs);
  const placed: PlacedText[] = [];
  for (const [index, { text }] of visible.entries()) {
    placed.push(...placeText(text, spans[index] ?? { startMs: 0, endMs: 0 }));
    yield;
  }
  return scheduleCues(placed);
}

/** Divides one line into cues, each with the part of the line's time that corresponds to its place in the text. */
function placeText(text: string, { startMs, endMs }: Span): PlacedText[] {
  const run = new AtomRun(atomsOf(text));
  const count = run.atoms.length;
  const width = Math.max(1, run.width(0, count));
  const msPerColumn = (endMs - startMs) / width;
  return splitText(run, maxCueWidth(msPerColumn)).map(({ from, to }) => ({
    text: breakLines(run, from, to).join('\n'),
    width: run.width(from, to),
    said: {
      startMs: Math.round(startMs + (width - run.width(from, count)) * msPerColumn),
      endMs: Math.round(startMs + run.width(0, to) * msPerColumn),
    },
  }));
}

/** Slow speech gets shorter cues, so that none has to stay for more than 7 s. */
function maxCueWidth(msPerColumn: number): number {
  const { maxLines, maxLineWidth, maxDurationMs } = guideline;
  const widest = maxLines * maxLineWidth + maxLines - 1;
  return Math.min(widest, Math.max(maxLineWidth, Math.floor(maxDurationMs / msPerColumn)));
}

function scheduleCues(texts: readonly PlacedText[]): SubtitleCue[] {
  let freeMs = 0;
  return texts.map(({ text, width, said }, index) => {
    const startMs = Math.max(said.startMs, freeMs);
    const nextMs = texts[index + 1]?.said.startMs ?? Infinity;
    const wantedMs = Math.max(said.endMs, startMs + readingMs(width, guideline.readingSpeed));
    const leastMs = startMs + readingMs(width, guideline.maxReadingSpeed);
    const endMs = Math.min(wantedMs, Math.max(nextMs, leastMs), startMs + guideline.maxDurationMs);
    freeMs = endMs;
    return { startMs, endMs, text };
  });
}
