/** First pause after a refusal without a requested delay; doubles with each further refusal. */
const firstBackoffMs = 1000;
/** Upper limit of such pauses, since the rate limit may have reset in the meantime. */
const longestBackoffMs = 8000;
/** Upper limit of pauses that the engine requests: limits apply per minute. */
const longestPauseMs = 120_000;

/**
 * Returns the pause in milliseconds after a rate-limit refusal without a requested delay, with up to 25% jitter.
 *
 * @param refusals number of consecutive refusals, from 1
 * @param random in [0, 1)
 */
export function rateLimitBackoffMs(refusals: number, random: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** (refusals - 1)) * (1 + random / 4);
}

interface PausesOptions {
  /** Monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Returns a number in [0, 1), as `Math.random` does. */
  readonly random: () => number;
}

/**
 * Pauses calls to an engine after rate-limit refusals. A pause lasts as long as the engine requests; without a requested
 * delay, pauses grow with each refusal until a call made after a pause succeeds.
 */
export class Pauses {
  readonly #options: PausesOptions;
  #untilMs = -Infinity;
  #startedAtMs = -Infinity;
  #consecutiveRefusals = 0;

  constructor(options: PausesOptions) {
    this.#options = options;
  }

  /** Milliseconds left of the pause; 0: none. */
  get remainingMs(): number {
    return Math.max(0, this.#untilMs - this.#options.now());
  }

  /** Applies a pause that another thread reported. */
  extend(forMs: number): void {
    const now = this.#options.now();
    if (now >= this.#untilMs) this.#count(now);
    this.#lengthen(forMs);
  }

  /**
   * Records a refused call.
   *
   * @param begunAtMs start of the call; one started before the last pause is not counted again
   * @param hintMs the requested delay; 0: a time that has already passed
   * @returns the pause in milliseconds
   */
  refused(begunAtMs: number, hintMs: number | undefined): number {
    const now = this.#options.now();
    if (begunAtMs >= this.#startedAtMs) this.#count(now);
    const pauseMs = Math.min(this.#pauseMs(hintMs), longestPauseMs);
    this.#lengthen(pauseMs);
    return pauseMs;
  }

  /** Records a successful call. */
  succeeded(begunAtMs: number): void {
    if (begunAtMs >= this.#startedAtMs) this.#consecutiveRefusals = 0;
  }

  #pauseMs(hintMs: number | undefined): number {
    if (hintMs !== undefined && hintMs > 0) return hintMs;
    // A second refusal contradicts the hint that calls may be made at once.
    const refusals = hintMs === 0 ? this.#consecutiveRefusals - 1 : this.#consecutiveRefusals;
    return refusals < 1 ? 0 : rateLimitBackoffMs(refusals, this.#options.random());
  }

  #count(now: number): void {
    // A refusal long after the last pause starts a new sequence.
    if (now - this.#untilMs > longestBackoffMs) this.#consecutiveRefusals = 0;
    this.#consecutiveRefusals += 1;
    this.#startedAtMs = now;
  }

  #lengthen(forMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, this.#options.now() + Math.min(forMs, longestPauseMs));
  }
}
