import { sleep } from '../../page/sleep.ts';

/** One sentence of a sample talk; times in milliseconds since the talk began. */
export interface Sentence {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

/** What a recognizer would report, at the time `atMs` since the talk began. */
export interface TalkEntry {
  readonly atMs: number;
  readonly sentence: number;
  readonly isFinal: boolean;
  readonly text: string;
}

/**
 * The results of a recognizer that makes no errors: each sentence grows word by word, and is final at its end. As with
 * real ones, the punctuation after a word comes with the next word.
 */
export function talkEntries(sentences: readonly Sentence[]): TalkEntry[] {
  return sentences.flatMap(({ startMs, endMs, text }, sentence) => {
    const words = text.split(' ');
    const partials = words.slice(0, -1).map((_, index) => {
      const spoken = words.slice(0, index + 1).join(' ');
      // A word takes the time of its letters.
      const atMs = Math.round(startMs + ((endMs - startMs) * spoken.length) / text.length);
      return { atMs, sentence, isFinal: false, text: spoken.replace(/[.,;:!?]$/, '') };
    });
    return [...partials, { atMs: endMs, sentence, isFinal: true, text }];
  });
}

export interface PlayOptions {
  readonly onEntry: (entry: TalkEntry) => void;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Calls `onEntry` for each entry at its time. If the browser was asleep and is late, outdated partials are skipped;
 * finals never are. Resolves at the end of the talk.
 *
 * @param entries by ascending `atMs`
 * @throws the signal's reason if it is aborted
 */
export async function playTalk(entries: readonly TalkEntry[], options: PlayOptions): Promise<void> {
  const { onEntry, signal, now = () => performance.now(), wait = sleep } = options;
  const startMs = now();
  for (const [index, entry] of entries.entries()) {
    const delayMs = entry.atMs - (now() - startMs);
    if (delayMs > 0) await wait(delayMs, signal);
    signal.throwIfAborted();
    if (!isOutdated(entry, entries[index + 1], now() - startMs)) onEntry(entry);
  }
}

function isOutdated(entry: TalkEntry, next: TalkEntry | undefined, elapsedMs: number): boolean {
  return !entry.isFinal && next?.sentence === entry.sentence && next.atMs <= elapsedMs;
}
