import type { CorrectedEntry, FoundLogEntry, LogEntry } from '@parley/redis/log';

export type TranscriptEntry = Extract<LogEntry, { type: 'transcript' }>;
export type ResultEntry = Extract<LogEntry, { type: 'translation' | 'failed' }>;

/** A final and what came of it. */
export interface TranscribedSegment {
  readonly segmentId: number;
  /** `undefined` if it was removed because the transcript was too large. */
  transcript: TranscriptEntry | undefined;
  readonly results: Map<string, ResultEntry>;
}

/** Collects the entries of a transcript by segment. */
export class TranscribedSegments {
  readonly #segments = new Map<number, TranscribedSegment>();

  /**
   * Adds a page of entries; entries that this version can't parse are left out. A correction keeps the place and the times
   * of what it corrects, and is left out together with it.
   */
  add(page: readonly FoundLogEntry[]): void {
    for (const { entry } of page) {
      if (entry === undefined || entry.type === 'ended') continue;
      const segment = this.#segment(entry.segmentId);
      // Redis may produce a final twice if it lost the record of the first one, which was already shown.
      if (entry.type === 'transcript') segment.transcript ??= entry;
      else if (entry.type === 'corrected-transcript' || entry.type === 'corrected') correct(segment, entry);
      else if (!segment.results.has(entry.targetLanguage)) segment.results.set(entry.targetLanguage, entry);
    }
  }

  /** In the order of acceptance. Translations may be stored in another order, but transcripts never are. */
  inOrder(): TranscribedSegment[] {
    const segments = [...this.#segments.values()];
    const isTrimmed = ({ transcript }: TranscribedSegment): boolean => transcript === undefined;
    return [...segments.filter(isTrimmed), ...segments.filter((segment) => !isTrimmed(segment))];
  }

  /** All languages that finals were to be translated into. */
  targets(): Set<string> {
    return new Set([...this.#segments.values()].flatMap(({ results }) => [...results.keys()]));
  }

  #segment(segmentId: number): TranscribedSegment {
    const known = this.#segments.get(segmentId);
    if (known !== undefined) return known;
    const segment: TranscribedSegment = { segmentId, transcript: undefined, results: new Map() };
    this.#segments.set(segmentId, segment);
    return segment;
  }
}

function correct(segment: TranscribedSegment, entry: CorrectedEntry): void {
  const { transcript, results } = segment;
  if (entry.type === 'corrected-transcript') {
    if (transcript !== undefined) segment.transcript = { ...transcript, text: entry.text };
    return;
  }
  const { targetLanguage, text, flags } = entry;
  const result = results.get(targetLanguage);
  if (result?.type === 'translation') {
    const { flags: _flags, ...unflagged } = result;
    results.set(targetLanguage, { ...unflagged, text, ...(flags === undefined ? {} : { flags }) });
  } else if (result !== undefined) {
    const made = { type: 'translation', cached: false, queueMs: 0, engineMs: 0 } as const;
    const { receivedAtMs = entry.receivedAtMs } = transcript ?? {};
    results.set(targetLanguage, { ...entry, ...made, receivedAtMs });
  }
}
