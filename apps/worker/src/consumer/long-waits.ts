/** A job that is taken up after it waited for nothing but a free place. */
export interface WaitedJob {
  readonly waitedMs: number;
  /** Its place in the lane: how many of its own session's come before it, and far more than that for bulk. */
  readonly priority: number;
}

/** A speaker says two or three words more in this time: captions that come so much later are seen to lag. */
const longMs = 1000;
/** A job that waited no longer than this found a free place, also where the clock of Redis is off by a quarter of a second. */
const promptMs = 500;
/** A call hardly ever takes longer. So much is granted for each round of its own session's work before it. */
const ownRoundMs = 5000;
/** What piled up while all workers were away for a moment is begun within this. */
const lastingMs = 3000;
/** Where places are lacking, one is taken more often than that. Long waits farther apart have nothing to do with each other. */
const apartMs = 5000;
/** What the rate limit or an engine that is down has piled up is worked off within this. */
const excusedMs = 10_000;

/**
 * Judges by the waits in one lane whether places are lacking, be it for too few workers or an engine too slow for them: when
 * waits have been too long for some seconds, and neither the rate limit nor an engine that is down explains it. It is over
 * as soon as a job begins promptly that would have been served after the last that waited too long.
 *
 * A job's own session doesn't count: in an empty lane the first jobs of a session, as many as a consumer has places, would
 * all begin at once, and each further round of them when the one before is done. So one session that sends hundreds of
 * finals never tells that places are lacking, nor does bulk.
 */
export class LongWaits {
  readonly #places: number;
  #firstAtMs = -Infinity;
  #lastAtMs = -Infinity;
  #lastPriority = 0;
  #excusedAtMs = -Infinity;

  /** @param places how many jobs one consumer works on at once */
  constructor(places: number) {
    this.#places = places;
  }

  /** @returns whether its session waits because places are lacking */
  waited({ waitedMs, priority }: WaitedJob, nowMs: number): boolean {
    if (waitedMs <= promptMs && priority >= this.#lastPriority) this.#lastAtMs = -Infinity;
    if (waitedMs <= longMs + Math.floor(priority / this.#places) * ownRoundMs) return false;
    if (nowMs - this.#lastAtMs > apartMs) this.#firstAtMs = nowMs;
    this.#lastAtMs = nowMs;
    this.#lastPriority = priority;
    return nowMs - this.#firstAtMs >= lastingMs && nowMs - this.#excusedAtMs >= excusedMs;
  }

  /** The rate limit or the engine keeps work waiting just now. */
  excused(nowMs: number): void {
    this.#excusedAtMs = nowMs;
  }
}
