import { basename, extname } from 'node:path';
import { canonicalLanguageTag, undeterminedLanguage } from '@parley/protocol';
import type { SubtitleDocument } from '@parley/subtitles';

const headerLanguage = /^Language:\s*(\S+)$/i;
/** Longer codes are too often words of a title, such as `one`. */
const shortTag = /^[a-z]{2}(?:[-_].+)?$/i;

/** Returns the tag before the extension of a file name: `es` for `talk.es.srt`. */
export function languageOfName(path: string): string | undefined {
  const tag = extname(basename(path, extname(path))).slice(1);
  return shortTag.test(tag) ? canonicalLanguageTag(tag) : undefined;
}

/** Returns the language that the name of a subtitle file or its WebVTT header names, else `und`. */
export function sourceLanguageOf(path: string, { header }: Pick<SubtitleDocument, 'header'>): string {
  const named = header.map((line) => headerLanguage.exec(line)?.[1]).find((tag) => tag !== undefined);
  return languageOfName(path) ?? canonicalLanguageTag(named ?? '') ?? undeterminedLanguage;
}

/** Replaces the language that a WebVTT header names. */
export function withLanguage(header: readonly string[], language: string): string[] {
  return header.map((line) => (headerLanguage.test(line) ? `Language: ${language}` : line));
}
