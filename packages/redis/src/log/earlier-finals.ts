import { isBlank, languageAndScript } from '@parley/protocol';
import type { EarlierFinal } from '@parley/translation';
import type { RedisConnection } from '../connection/redis-connection.ts';
import type { SegmentTarget } from '../segment/segment-target.ts';
import type { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';

/** The limits of the context for a final: number of earlier finals, and their total length in UTF-16 code units. */
const maxFinals = 3;
const maxChars = 1000;
/**
 * How much of the log is searched: enough for three finals in twenty languages and the entries between them. Longer texts would mostly
 * exceed `maxChars`. The log may have 4 MiB, and is read for each final and target.
 */
const searchedEntries = 128;
const searchedBytes = 64 * 1024;

/** Reads the translations of a session's earlier finals. */
export class EarlierFinals {
  readonly #log: LogReader;

  constructor(redis: RedisConnection) {
    this.#log = new LogReader(redis);
  }

  /**
   * Returns the last finals before a segment that have the given language, in any region, and a translation into its
   * target, oldest first: at most three, with at most 1,000 characters in total. Corrected ones are as corrected; suspect
   * translations and copies of the source are omitted.
   */
  async before({ sessionId, segmentId, target }: SegmentTarget, language: string): Promise<EarlierFinal[]> {
    const newestFirst = await this.#log.readNewest(sessionId, searchedEntries, searchedBytes);
    const texts = new Map<number, string>();
    const isSameLanguage = (other: string) => languageAndScript(other) === languageAndScript(language);
    const translations = new Map<number, string>();
    for (const entry of newestFirst.flatMap((found) => found.entry ?? []).reverse()) {
      if (!('language' in entry) || !isSameLanguage(entry.language) || entry.segmentId >= segmentId) continue;
      if (entry.type === 'transcript' || entry.type === 'corrected-transcript') {
        texts.set(entry.segmentId, entry.text);
        // That of the text before it.
        translations.delete(entry.segmentId);
      } else if (entry.targetLanguage === target) {
        if (isUsable(entry)) translations.set(entry.segmentId, entry.text);
        else translations.delete(entry.segmentId);
      }
    }
    const finals = [...translations]
      .sort(([one], [other]) => one - other)
      .flatMap(([translated, translation]): EarlierFinal[] => {
        const text = texts.get(translated) ?? '';
        return isBlank(text) || isBlank(translation) ? [] : [{ text, translation }];
      });
    return newestWithin(finals.slice(-maxFinals));
  }
}

function isUsable({ flags = [] }: Extract<LogEntry, { type: 'translation' | 'corrected' }>): boolean {
  return !flags.includes('suspect') && !flags.includes('source');
}

function newestWithin(finals: readonly EarlierFinal[]): EarlierFinal[] {
  let chars = 0;
  const lastExcluded = finals.findLastIndex(
    ({ text, translation }) => (chars += text.length + translation.length) > maxChars,
  );
  return finals.slice(lastExcluded + 1);
}
