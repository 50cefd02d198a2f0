export interface TokenRate {
  readonly perSecond: number;
  /** How many may be taken at once after a quiet time. */
  readonly burst: number;
}

/** A token bucket: full at the start, filled at a steady rate. Times are of the caller's clock, in ms. */
class TokenBucket {
  readonly #rate: TokenRate;
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: TokenRate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes one token, or says that there is none. A clock that was set back fills nothing. */
  take(nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs * this.#rate.perSecond) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** `refused-silently`: as `refused`, but enough errors were sent in this second. */
export type FrameVerdict = 'admitted' | 'refused' | 'refused-silently' | 'abuse';

/** Errors a second that a refused client is sent at most. */
const told: TokenRate = { perSecond: 20, burst: 20 };
/** A client that sends more than ten times what it may takes no notice of its errors. */
const refusedPerAdmitted = 9;
/** How many bursts of frames may be refused beyond that. */
const patienceInBursts = 5;

/** Decides about every frame of one connection, before anything else looks at it. */
export class FrameGate {
  readonly #frames: TokenBucket;
  readonly #told: TokenBucket;
  readonly #patience: number;
  #strain = 0;

  /** @param rate the frames that are admitted */
  constructor(rate: TokenRate, nowMs: number) {
    this.#frames = new TokenBucket(rate, nowMs);
    this.#told = new TokenBucket(told, nowMs);
    this.#patience = rate.burst * patienceInBursts;
  }

  decide(nowMs: number): FrameVerdict {
    if (this.#frames.take(nowMs)) {
      this.#strain = Math.max(0, this.#strain - refusedPerAdmitted);
      return 'admitted';
    }
    this.#strain += 1;
    if (this.#strain > this.#patience) return 'abuse';
    return this.#told.take(nowMs) ? 'refused' : 'refused-silently';
  }
}
