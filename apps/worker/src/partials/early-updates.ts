/** Pauses between early updates of a segment in one language, so that each brings some words. */
const minIntervalMs = 150;
/** Words that would be shown sooner by less than this are left to the whole reply: readers don't notice it. */
const minAheadMs = 100;

/** When something of a segment was last shown early, by target. */
export class EarlyUpdates {
  readonly #shownAtMs = new Map<string, number>();

  /** Starts to observe the reply to one call. */
  reply(target: string): EarlyReply {
    return new EarlyReply({
      lastMs: () => this.#shownAtMs.get(target) ?? -Infinity,
      shown: (nowMs) => this.#shownAtMs.set(target, nowMs),
    });
  }
}

interface Shown {
  readonly lastMs: () => number;
  readonly shown: (nowMs: number) => void;
}

/** Decides when the beginning of a streamed reply is shown, from the pace at which it comes. All times are of one clock. */
export class EarlyReply {
  readonly #shown: Shown;
  #first: { readonly atMs: number; readonly length: number } | undefined;
  #firstShownAtMs: number | undefined;

  constructor(shown: Shown) {
    this.#shown = shown;
  }

  /** When something of this reply was first shown. */
  get firstShownAtMs(): number | undefined {
    return this.#firstShownAtMs;
  }

  /**
   * Returns whether to show the beginning of the reply now; to be called with each piece of it. The first piece gives no pace, and
   * is the whole reply if the engine doesn't stream.
   *
   * @param length of the reply so far, in UTF-16 units
   * @param expectedLength of the whole reply
   */
  isDue(nowMs: number, length: number, expectedLength: number): boolean {
    if (this.#first === undefined) {
      this.#first = { atMs: nowMs, length };
      return false;
    }
    if (nowMs - this.#shown.lastMs() < minIntervalMs || length <= this.#first.length) return false;
    const msPerUnit = (nowMs - this.#first.atMs) / (length - this.#first.length);
    return (expectedLength - length) * msPerUnit >= minAheadMs;
  }

  /** Records that the beginning was shown. */
  shown(nowMs: number): void {
    this.#firstShownAtMs ??= nowMs;
    this.#shown.shown(nowMs);
  }
}
