import { SubtitleError } from './subtitle-error.ts';

export interface CueTimes {
  readonly startMs: number;
  readonly endMs: number;
  /** What follows the times on their line. */
  readonly settings: string;
}

/** Hours may be missing; a fraction follows a comma, a period or, with three digits, a colon. */
const time = String.raw`(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)(?:(?:[.,]|:(?=\d{3}))(\d{1,9}))?`;
const timeLine = new RegExp(String.raw`^\s*${time}\s*--?>\s*${time}(?:\s+(.*))?$`);
/** What is meant as a line of times, so that a mistake in it is reported and not taken for text. */
const likelyTimeLine = /^\s{0,40}[\d:.,][\w:.,]{0,40}\s{0,40}-->/;

/**
 * Reads a line such as `00:01:02,500 --> 00:01:04,000`. Returns `undefined` if it is something else.
 *
 * @param line the number of the line, for errors
 * @throws SubtitleError
 */
export function parseCueTimes(text: string, line: number): CueTimes | undefined {
  const match = timeLine.exec(text);
  if (match === null) {
    if (!likelyTimeLine.test(text)) return undefined;
    throw new SubtitleError(`"${text.trim().slice(0, 60)}" can't be read as the times of a cue`, line);
  }
  const startMs = toMs(match.slice(1, 5));
  const endMs = toMs(match.slice(5, 9));
  if (endMs < startMs) throw new SubtitleError('the cue ends before it starts', line);
  return { startMs, endMs, settings: match[9]?.trim() ?? '' };
}

function toMs([hours = '0', minutes = '0', seconds = '0', fraction = '']: readonly (string | undefined)[]): number {
  const wholeSeconds = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return wholeSeconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
}

/**
 * Writes a time as `01:02:03,456`.
 *
 * @param mark the decimal mark: a comma in SubRip, a period in WebVTT
 */
export function formatTime(ms: number, mark: ',' | '.'): string {
  const digits = (value: number, count: number): string => String(Math.floor(value)).padStart(count, '0');
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60];
  return `${digits(hours, 2)}:${digits(minutes, 2)}:${digits(seconds, 2)}${mark}${digits(ms % 1000, 3)}`;
}
