import { filterPartial, type PartialFilterSettings } from '@parley/translation';

/** A partial that is about to be sent. */
export interface OfferedPartial {
  readonly segmentId: number;
  readonly revision: number;
  readonly text: string;
  readonly stable: string | undefined;
  /** What a translation depends on beside the text, and who gets it: where this differs, the text counts as another one. */
  readonly contextKey: string;
}

export type Offered = 'send' | 'held' | 'same' | 'stale';

interface Segment {
  newestRevision: number;
  offeredAtMs: number;
  sent: Pick<OfferedPartial, 'text' | 'contextKey'> | undefined;
  held: Held | undefined;
}

interface Held {
  readonly sinceMs: number;
  readonly timer: NodeJS.Timeout;
  partial: OfferedPartial;
  send: () => Promise<void>;
}

/** Segments without a final are forgotten beyond so many: the next partial of one is then sent as its first. */
const maxSegments = 64;

/**
 * The partials of one connection that aren't worth a call yet: the newest of each open segment waits for a newer one, and
 * is sent when none comes in time.
 */
export class PartialDebouncer {
  readonly #settings: PartialFilterSettings;
  readonly #now: () => number;
  readonly #segments = new Map<number, Segment>();
  readonly #sending = new Set<Promise<void>>();

  /** @param now milliseconds of a clock that never runs backwards */
  constructor(settings: PartialFilterSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  /**
   * Judges a partial. `send`: the caller is to send it now, and it counts as sent. `held`: unless a newer one comes first,
   * `send` is called when it is due. `same`: its text is what was sent last. `stale`: a newer one came before it.
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
        heldSinceMs: segment?.held?.sinceMs,
        previousAtMs: segment?.offeredAtMs,
        nowMs,
      },
      this.#settings,
    );
    const known = segment ?? this.#add(segmentId);
    known.newestRevision = revision;
    known.offeredAtMs = nowMs;
    if (verdict.action === 'hold') {
      this.#hold(known, partial, send, verdict.untilMs - nowMs);
      return 'held';
    }
    release(known);
    if (verdict.action === 'drop') return 'same';
    known.sent = { text, contextKey };
    return 'send';
  }

  /** What was sent of a segment did not arrive: its next partial counts as the first. */
  failed(segmentId: number): void {
    const segment = this.#segments.get(segmentId);
    if (segment !== undefined) segment.sent = undefined;
  }

  /** The segment has its final. */
  settled(segmentId: number): void {
    const segment = this.#segments.get(segmentId);
    if (segment !== undefined) release(segment);
    this.#segments.delete(segmentId);
  }

  /** The next partial of every segment counts as the first. What is held stays held. */
  forgetSent(): void {
    for (const segment of this.#segments.values()) {
      segment.sent = undefined;
      segment.newestRevision = -1;
    }
  }

  /** Drops all that is held. */
  clear(): void {
    for (const segment of this.#segments.values()) release(segment);
    this.#segments.clear();
  }

  /** Sends all that is held; resolves when that, and whatever was being sent, is done. */
  async sendAll(): Promise<void> {
    for (const segment of this.#segments.values()) this.#sendHeld(segment);
    await Promise.all(this.#sending);
  }

  #add(segmentId: number): Segment {
    const [oldest] = this.#segments;
    if (oldest !== undefined && this.#segments.size >= maxSegments) {
      this.#sendHeld(oldest[1]);
      this.#segments.delete(oldest[0]);
    }
    const segment: Segment = { newestRevision: -1, offeredAtMs: -Infinity, sent: undefined, held: undefined };
    this.#segments.set(segmentId, segment);
    return segment;
  }

  /** A newer one takes the place of the one before it, and the time at which that was due. */
  #hold(segment: Segment, partial: OfferedPartial, send: () => Promise<void>, dueInMs: number): void {
    if (segment.held === undefined) {
      const timer = setTimeout(() => this.#sendHeld(segment), dueInMs);
      segment.held = { sinceMs: segment.offeredAtMs, timer, partial, send };
    } else {
      segment.held.partial = partial;
      segment.held.send = send;
    }
  }

  #sendHeld(segment: Segment): void {
    const { held } = segment;
    if (held === undefined) return;
    release(segment);
    segment.sent = held.partial;
    const sending = held.send().finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }
}

function release(segment: Segment): void {
  clearTimeout(segment.held?.timer);
  segment.held = undefined;
}
