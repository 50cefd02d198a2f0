import { setImmediate as othersHaveRun } from 'node:timers/promises';
import { cueSteps, formatSubtitles, plainTextOf, type SubtitleCue } from '@parley/subtitles';
import type { TranscriptText } from './transcript-lines.ts';

/** The formats other than JSON. */
export type TextFormat = 'srt' | 'vtt' | 'txt';

/** How long the making of subtitles may keep the edge from live captions. */
const maxBusyMs = 5;

/**
 * Writes a transcript as subtitles or plain text.
 *
 * @param startedAtMs the start of the session in ms since 1970, which is 0 for lines without times of the host
 */
export async function transcriptText(
  format: TextFormat,
  lines: readonly TranscriptText[],
  { language, startedAtMs }: { readonly language: string; readonly startedAtMs: number },
): Promise<string> {
  if (format === 'txt') return plainTextOf(lines);
  const cues = await withPauses(cueSteps(lines, { startedAtMs }));
  return formatSubtitles({ header: [`Language: ${language}`], blocks: [], cues }, format);
}

async function withPauses(steps: Generator<void, SubtitleCue[]>): Promise<SubtitleCue[]> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < maxBusyMs) continue;
    await othersHaveRun();
    since = performance.now();
  }
}
