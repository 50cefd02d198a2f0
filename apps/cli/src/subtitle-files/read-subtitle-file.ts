import { readFile, stat } from 'node:fs/promises';
import { parseSubtitles, SubtitleError, type SubtitleDocument } from '@parley/subtitles';
import { CommandFailure, exitCodes } from '../exit-code.ts';

const maxFileBytes = 40_000_000;

/**
 * Reads a SubRip or WebVTT file in UTF-8, or in UTF-16 with a byte order mark.
 *
 * @throws CommandFailure that names the file and, if its content can't be read, the line
 */
export async function readSubtitleFile(path: string): Promise<SubtitleDocument> {
  const fail = (problem: string, cause?: unknown): CommandFailure =>
    new CommandFailure(`can't read the subtitles ${path}: ${problem}`, exitCodes.wrongUse, { cause });
  const bytes = await readBytes(path).catch((cause: unknown) => {
    throw fail((cause as Error).message, cause);
  });
  if (bytes === undefined) throw fail(`more than ${maxFileBytes} bytes are not supported`);
  const text = decode(bytes);
  if (text === undefined)
    throw fail('it is not UTF-8 text; convert it, for example with iconv -f WINDOWS-1252 -t UTF-8');
  try {
    return parseSubtitles(text);
  } catch (cause) {
    if (cause instanceof SubtitleError) throw fail(cause.message, cause);
    throw cause;
  }
}

async function readBytes(path: string): Promise<Buffer | undefined> {
  const { size } = await stat(path);
  return size > maxFileBytes ? undefined : readFile(path);
}

function decode(bytes: Buffer): string | undefined {
  const mark = bytes.subarray(0, 2).toString('hex');
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
