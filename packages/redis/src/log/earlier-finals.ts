import { isBlank, languageAndScript } from '@parley/protocol';
import type { EarlierFinal } from '@parley/translation';
import type { Redis } from 'ioredis';
import type { SegmentTarget } from '../segment/segment-target.ts';
import type { LogEntry } from './log-entry.ts';
import { LogReader } from './log-reader.ts';

/** How many finals are context for the next one, and how long they may be together, in UTF-16 units. */
const mostFinals = 3;
const mostChars = 1000;
/** How far back they are looked for: room for three finals in twenty languages and what comes between. */
const searchedEntries = 128;

/** Reads what a session's earlier finals were translated to. */
export class EarlierFinals {
  readonly #log: LogReader;

  constructor(redis: Redis) {
    this.#log = new LogReader(redis);
  }

  /**
   * The last finals before a segment that were spoken in one language, of any region, and are translated for its target,
   * oldest first: at most three, and 1,000 characters. A translation that may be none is left out, and so is a copy.
   */
  async before({ sessionId, segmentId, target }: SegmentTarget, language: string): Promise<EarlierFinal[]> {
    const entries = await this.#log.readNewest(sessionId, searchedEntries);
    const texts = new Map<number, string>();
    const isSameLanguage = (other: string) => languageAndScript(other) === languageAndScript(language);
    const translated: { segmentId: number; translation: string }[] = [];
    for (const entry of entries) {
      if (!('language' in entry) || !isSameLanguage(entry.language) || entry.segmentId >= segmentId) continue;
      if (entry.type === 'transcript') texts.set(entry.segmentId, entry.text);
      else if (isSound(entry, target)) translated.push({ segmentId: entry.segmentId, translation: entry.text });
    }
    const finals = translated
      .sort((one, other) => one.segmentId - other.segmentId)
      .flatMap((final): EarlierFinal[] => {
        const text = texts.get(final.segmentId) ?? '';
        return isBlank(text) ? [] : [{ text, translation: final.translation }];
      });
    return newestWithin(finals.slice(-mostFinals));
  }
}

function isSound(entry: Extract<LogEntry, { type: 'translation' }>, target: string): boolean {
  const { targetLanguage, flags = [] } = entry;
  return targetLanguage === target && !flags.includes('suspect') && !flags.includes('source');
}

function newestWithin(finals: readonly EarlierFinal[]): EarlierFinal[] {
  let chars = 0;
  const tooLong = finals.findLastIndex(
    ({ text, translation }) => (chars += text.length + translation.length) > mostChars,
  );
  return finals.slice(tooLong + 1);
}
