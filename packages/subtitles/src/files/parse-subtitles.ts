import type { SubtitleDocument } from '../cue.ts';
import { CueCollector } from './cue-collector.ts';
import { parseCueTimes, type CueTimes } from './cue-times.ts';
import { blocksOf, type FileLine } from './file-lines.ts';
import { SubtitleError } from './subtitle-error.ts';

/** In UTF-16 units; a film of three hours has less than 200,000. */
const maxFileChars = 20_000_000;

const signature = /^WEBVTT(?:[ \t].*)?$/;
const comment = /^NOTE(?:[ \t]|$)/;
const definition = /^(?:STYLE|REGION)[ \t]*$/;
const number = /^\s*\d+\s*$/;

/**
 * Reads SubRip or WebVTT, which begins with `WEBVTT`. Accepts what other programs write: byte order marks, any line end,
 * missing numbers, hours and blank lines, blank lines inside a text, and text without a WebVTT header. Comments are dropped.
 *
 * @throws SubtitleError, which names the line
 */
export function parseSubtitles(text: string): SubtitleDocument {
  if (text.length > maxFileChars) throw new SubtitleError(`at most ${maxFileChars} characters are allowed`);
  const blocks = blocksOf(text.replace(/^\ufeff/, ''));
  const format = signature.test(blocks[0]?.[0]?.text ?? '') ? 'vtt' : 'srt';
  const header = format === 'vtt' ? takeHeader(blocks) : [];
  const definitions: string[] = [];
  const cues = new CueCollector();
  for (const block of blocks) {
    const first = block[0]?.text ?? '';
    if (format === 'vtt' && comment.test(first)) continue;
    if (format === 'vtt' && definition.test(first) && cues.isEmpty) {
      definitions.push(block.map((line) => line.text).join('\n'));
    } else readCues(block, cues, format === 'vtt');
  }
  if (cues.isEmpty) throw new SubtitleError('there are no subtitles in it');
  return { format, header, blocks: definitions, cues: cues.finish(format) };
}

/** Removes the header from the first block, and returns its lines after the signature. */
function takeHeader(blocks: FileLine[][]): string[] {
  const [first = []] = blocks;
  const isTimes = ({ text, number: line }: FileLine): boolean => parseCueTimes(text, line) !== undefined;
  const firstTimes = first.findIndex(isTimes);
  blocks[0] = firstTimes < 0 ? [] : first.slice(firstTimes);
  const lines = firstTimes < 0 ? first.slice(1) : first.slice(1, firstTimes);
  return lines.map(({ text }) => text.trim());
}

/** Reads a block: usually one cue, but several if blank lines are missing, and a part of one that has a blank line in it. */
function readCues(block: readonly FileLine[], cues: CueCollector, hasIdentifiers: boolean): void {
  let before: FileLine[] = [];
  let isFirst = true;
  const addText = (lines: readonly FileLine[]): void => {
    for (const line of lines) cues.addLine(line);
  };
  for (const line of block) {
    const times: CueTimes | undefined = parseCueTimes(line.text, line.number);
    if (times === undefined) {
      before.push(line);
      continue;
    }
    const label = before.at(-1);
    const isLabel =
      label !== undefined && (number.test(label.text) || (hasIdentifiers && isFirst && before.length === 1));
    addText(isLabel ? before.slice(0, -1) : before);
    cues.start(times, hasIdentifiers && isLabel ? label.text.trim() : undefined, line);
    [before, isFirst] = [[], false];
  }
  // A number that a blank line separates from its times.
  if (isFirst && before.length === 1 && number.test(before[0]?.text ?? '')) return;
  addText(before);
}
