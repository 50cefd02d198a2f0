import { nobody, type Audience } from '@parley/redis/session';

/** Minimum time between two reports to a speaker. */
const intervalMs = 1000;

/** Decides when the speaker of a session is told who listens: at changes, at most once a second. */
export class AudienceReports {
  #newest: Audience | undefined;
  /** What the speaker was told last; `undefined` if it must be told in any case. */
  #known: Audience | undefined = nobody;
  #reportedAtMs = -Infinity;

  /** There is another speaker's connection. One that has started its session knows that nobody listens yet. */
  restart(): void {
    this.#newest = undefined;
    this.#known = nobody;
    this.#reportedAtMs = -Infinity;
  }

  /** The speaker may have missed a report. */
  forgetKnown(): void {
    this.#known = undefined;
  }

  learn(audience: Audience): void {
    this.#newest = audience;
  }

  /** What to tell the speaker now, if anything; it then counts as told. @param nowMs of a monotonic clock */
  takeDue(nowMs: number): Audience | undefined {
    if (this.#newest === undefined || nowMs - this.#reportedAtMs < intervalMs) return undefined;
    if (JSON.stringify(this.#newest) === JSON.stringify(this.#known)) return undefined;
    this.#known = this.#newest;
    this.#reportedAtMs = nowMs;
    return this.#newest;
  }
}
