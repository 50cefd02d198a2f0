import { isBlank } from '@parley/protocol';
import type { SubtitleCue, SubtitleDocument, SubtitleFormat } from '../cue.ts';
import { enclose } from './cue-markup.ts';
import { formatTime } from './cue-times.ts';

const webVttSetting = /^(?:vertical|line|position|size|align|region):\S+$/;
const subRipCoordinate = /^[XY][12]:\d+$/;
/** Tags that SubRip knows. */
const subRipTags = ['i', 'b', 'u'];
const topAlignments = [7, 8, 9];

/**
 * Writes SubRip or WebVTT by the letter of the format. Cues without visible text are left out, and so is what the format can't
 * express: voices and styles in SubRip, positions other than the top in WebVTT if they come from SubRip.
 *
 * @throws RangeError if a time is negative or not a number, or an end is before its start
 */
export function formatSubtitles(document: Omit<SubtitleDocument, 'format'>, format: SubtitleFormat): string {
  const cues = document.cues.filter(({ text }) => !isBlank(text));
  if (format === 'srt') return cues.map(formatSubRipCue).join('\n');
  const header = ['WEBVTT', ...document.header.map(oneLine).filter((line) => line !== '')].join('\n');
  return [`${header}\n`, ...document.blocks.map((block) => `${block}\n`), ...cues.map(formatWebVttCue)].join('\n');
}

function formatSubRipCue(cue: SubtitleCue, index: number): string {
  const coordinates = cue.settings?.split(/\s+/).filter((setting) => subRipCoordinate.test(setting)) ?? [];
  const times = [timesOf(cue, ','), ...coordinates].join(' ');
  const tags = cue.tags?.filter((tag) => subRipTags.includes(tag)) ?? [];
  const position = cue.alignment === undefined ? '' : `{\\an${cue.alignment}}`;
  const text = textLines(cue.text).replaceAll('-->', '→');
  return `${index + 1}\n${times}\n${position}${enclose(text, tags)}\n`;
}

function formatWebVttCue(cue: SubtitleCue): string {
  const settings = cue.settings?.split(/\s+/).filter((setting) => webVttSetting.test(setting)) ?? [];
  const isAtTop = topAlignments.includes(cue.alignment ?? 0) && settings.length === 0;
  const times = [timesOf(cue, '.'), ...settings, ...(isAtTop ? ['line:0'] : [])].join(' ');
  const identifier = cue.identifier === undefined ? '' : oneLine(cue.identifier);
  const voice = cue.voice === undefined ? '' : `<v ${escape(oneLine(cue.voice))}>`;
  const text = enclose(escape(textLines(cue.text)), cue.tags ?? []);
  return `${identifier === '' ? '' : `${identifier}\n`}${times}\n${voice}${text}\n`;
}

function timesOf({ startMs, endMs }: SubtitleCue, mark: ',' | '.'): string {
  if (!(startMs >= 0 && endMs >= startMs && endMs < Infinity))
    throw new RangeError(`${startMs} to ${endMs} ms is not a time of a cue`);
  const start = Math.round(startMs);
  // WebVTT requires an end after the start.
  const end = Math.max(start + 1, Math.round(endMs));
  return `${formatTime(start, mark)} --> ${formatTime(end, mark)}`;
}

/** A blank line would end the cue. */
function textLines(text: string): string {
  const lines = text.split(/[\n\v\f\r\u0085\u2028\u2029]+/).map((line) => line.trim());
  return lines.filter((line) => line !== '').join('\n');
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('-->', '→').trim();
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
