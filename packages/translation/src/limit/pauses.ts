/** The first pause after a refusal that doesn't say how long it is to last; it doubles with each further one. */
const firstBackoffMs = 1000;
/** Pauses that nobody asked for don't grow above this: a limit may be over at any moment of them. */
const longestBackoffMs = 8000;
/** No engine is left alone for longer, whatever it says: nobody's minute takes longer. */
const longestPauseMs = 120_000;

/**
 * How long an engine is left alone that refused a call for its rate and didn't say for how long: from a second up, and up to
 * a quarter more by chance, so that not all come back at once.
 *
 * @param refusals how often in a row it has refused, from 1
 * @param random in [0, 1)
 */
export function rateLimitBackoffMs(refusals: number, random: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** (refusals - 1)) * (1 + random / 4);
}

interface PausesOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
}

/**
 * For how long an engine is to be left alone, because it refused calls for their rate. Where it says for how long, a pause
 * ends then; where it doesn't, pauses grow with each refusal, until a call that began after one of them succeeds.
 */
export class Pauses {
  readonly #options: PausesOptions;
  #untilMs = -Infinity;
  #begunAtMs = -Infinity;
  #inARow = 0;

  constructor(options: PausesOptions) {
    this.#options = options;
  }

  /** How long it is to be left alone from now on; 0: not at all. */
  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#options.now());
  }

  /** Another thread was told to stay away for so long. */
  heard(forMs: number): void {
    const now = this.#options.now();
    if (now >= this.#untilMs) this.#count(now);
    this.#lengthen(forMs);
  }

  /**
   * A call was refused.
   *
   * @param begunAtMs when it was made: one that was under way before the last pause tells nothing new
   * @param hintMs what the engine asked for; 0 is a moment that has passed already
   * @returns how long to stay away
   */
  refused(begunAtMs: number, hintMs: number | undefined): number {
    const now = this.#options.now();
    if (begunAtMs >= this.#begunAtMs) this.#count(now);
    const pauseMs = Math.min(this.#pauseMs(hintMs), longestPauseMs);
    this.#lengthen(pauseMs);
    return pauseMs;
  }

  /** A call was answered. */
  succeeded(begunAtMs: number): void {
    if (begunAtMs >= this.#begunAtMs) this.#inARow = 0;
  }

  #pauseMs(hintMs: number | undefined): number {
    if (hintMs !== undefined && hintMs > 0) return hintMs;
    // "At once" was not true the second time.
    const refusals = hintMs === 0 ? this.#inARow - 1 : this.#inARow;
    return refusals < 1 ? 0 : rateLimitBackoffMs(refusals, this.#options.random());
  }

  #count(now: number): void {
    // What others were refused long ago, and then perhaps not, was not in a row.
    if (now - this.#untilMs > longestBackoffMs) this.#inARow = 0;
    this.#inARow += 1;
    this.#begunAtMs = now;
  }

  #lengthen(forMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, this.#options.now() + Math.min(forMs, longestPauseMs));
  }
}
