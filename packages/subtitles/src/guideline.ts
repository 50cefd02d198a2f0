/**
 * How subtitles are set so that people can read them, after Netflix's Timed Text Style Guide: its English template guide has
 * 42 characters a line, two lines, 17 characters per second and at most 7 seconds; its current one allows 20 characters
 * per second for adults. The minimum of a second is from the practice of most broadcasters (Netflix: 5/6 s).
 */
export const guideline = {
  /** In columns: a full-width character, such as a Chinese one, counts as two. */
  maxLineWidth: 42,
  maxLines: 2,
  /** In columns per second. */
  readingSpeed: 17,
  /** Used when people speak faster than `readingSpeed`, in columns per second. */
  maxReadingSpeed: 20,
  minDurationMs: 1000,
  maxDurationMs: 7000,
} as const;

/** Returns how long a text of this width is shown at a reading speed, in milliseconds. */
export function readingMs(width: number, columnsPerSecond: number): number {
  const ms = Math.ceil((width / columnsPerSecond) * 1000);
  return Math.min(Math.max(ms, guideline.minDurationMs), guideline.maxDurationMs);
}
