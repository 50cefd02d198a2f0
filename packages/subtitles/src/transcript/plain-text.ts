import { isBlank } from '@parley/protocol';
import type { TranscriptLine } from './transcript-line.ts';

/** Writes a transcript as plain text, one line of text for each of its lines. */
export function plainTextOf(lines: readonly Pick<TranscriptLine, 'text'>[]): string {
  const visible = lines.filter(({ text }) => !isBlank(text));
  return visible.map(({ text }) => `${text.replace(/[\s\p{Cc}]+/gu, ' ').trim()}\n`).join('');
}
