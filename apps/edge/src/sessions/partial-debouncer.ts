import { filterPartial, type PartialFilterSettings } from '@parley/translation';

/** A partial that is about to be sent. */
export interface OfferedPartial {
  readonly segmentId: number;
  readonly revision: number;
  readonly text: string;
  readonly stable: string | undefined;
  /**
   * The inputs of the translation other than the text, and its targets; if they change, the text counts as a
   * different one.
   */
  readonly contextKey: string;
}

export type Offered = 'send' | 'debounced' | 'same' | 'stale';

interface Segment {
  newestRevision: number;
  offeredAtMs: number;
  sent: Pick<OfferedPartial, 'text' | 'contextKey'> | undefined;
  debounced: Debounced | undefined;
}

interface Debounced {
  readonly sinceMs: number;
  readonly timer: NodeJS.Timeout;
  partial: OfferedPartial;
  send: () => Promise<void>;
}

/** Maximum number of segments without a final; the next partial of a removed segment is sent as its first. */
const maxSegments = 64;

/**
 * Debounces the partials of one connection: the newest partial of each open segment is kept until a newer one
 * arrives, and sent if none arrives in time.
 */
export class PartialDebouncer {
  readonly #settings: PartialFilterSettings;
  readonly #now: () => number;
  readonly #segments = new Map<number, Segment>();
  readonly #sending = new Set<Promise<void>>();

  /** @param now milliseconds of a monotonic clock */
  constructor(settings: PartialFilterSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /**
   * Filters a partial. `send`: the caller must send it now; it counts as sent. `debounced`: `send` is called
   * when it is due, unless a newer one arrives first. `same`: the text equals the last one sent. `stale`: a newer
   * revision arrived before.
   *
   * @param send must not reject
   */
  offer(partial: OfferedPartial, send: () => Promise<void>): Offered {
    const { segmentId, revision, text, stable, contextKey } = partial;
    const nowMs = this.#now();
    const segment = this.#segments.get(segmentId);
    if (segment !== undefined && revision < segment.newestRevision) return 'stale';
    const isComparable = segment?.sent?.contextKey === contextKey;
    const verdict = filterPartial(
      {
        text,
        stable,
        sentText: isComparable ? segment.sent?.text : undefined,
        debouncedSinceMs: segment?.debounced?.sinceMs,
        previousAtMs: segment?.offeredAtMs,
        nowMs,
      },
      this.#settings,
    );
    const known = segment ?? this.#add(segmentId);
    known.newestRevision = revision;
    known.offeredAtMs = nowMs;
    if (verdict.action === 'debounce') {
      this.#debounce(known, partial, send, verdict.untilMs - nowMs);
      return 'debounced';
    }
    release(known);
    if (verdict.action === 'drop') return 'same';
    known.sent = { text, contextKey };
    return 'send';
  }

  /** Handles a failed send: the next partial of the segment counts as its first. */
  failed(segmentId: number): void {
    const segment = this.#segments.get(segmentId);
    if (segment !== undefined) segment.sent = undefined;
  }

  /** Removes a segment that has its final. */
  settled(segmentId: number): void {
    const segment = this.#segments.get(segmentId);
    if (segment !== undefined) release(segment);
    this.#segments.delete(segmentId);
  }

  /** Lets the next partial of every segment count as its first; debounced partials are kept. */
  forgetSent(): void {
    for (const segment of this.#segments.values()) {
      segment.sent = undefined;
      segment.newestRevision = -1;
    }
  }

  /** Drops all debounced partials. */
  clear(): void {
    for (const segment of this.#segments.values()) release(segment);
    this.#segments.clear();
  }

  /** Sends all debounced partials; resolves when these and all sends in progress are done. */
  async sendAll(): Promise<void> {
    for (const segment of this.#segments.values()) this.#sendDebounced(segment);
    await Promise.all(this.#sending);
  }

  #add(segmentId: number): Segment {
    const [oldest] = this.#segments;
    if (oldest !== undefined && this.#segments.size >= maxSegments) {
      this.#sendDebounced(oldest[1]);
      this.#segments.delete(oldest[0]);
    }
    const segment: Segment = { newestRevision: -1, offeredAtMs: -Infinity, sent: undefined, debounced: undefined };
    this.#segments.set(segmentId, segment);
    return segment;
  }

  /** A newer partial replaces the previous one and keeps its due time. */
  #debounce(segment: Segment, partial: OfferedPartial, send: () => Promise<void>, dueInMs: number): void {
    if (segment.debounced === undefined) {
      const timer = setTimeout(() => this.#sendDebounced(segment), dueInMs);
      segment.debounced = { sinceMs: segment.offeredAtMs, timer, partial, send };
    } else {
      segment.debounced.partial = partial;
      segment.debounced.send = send;
    }
  }

  #sendDebounced(segment: Segment): void {
    const { debounced } = segment;
    if (debounced === undefined) return;
    release(segment);
    segment.sent = debounced.partial;
    const sending = debounced.send().finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }
}

function release(segment: Segment): void {
  clearTimeout(segment.debounced?.timer);
  segment.debounced = undefined;
}
