export interface TokenRate {
  readonly perSecond: number;
  /** Maximum number of tokens available at once. */
  readonly burst: number;
}

/** A token bucket: initially full, refilled at a steady rate. Times are milliseconds of the caller's clock. */
class TokenBucket {
  readonly #rate: TokenRate;
  #tokens: number;
  #filledAtMs: number;

  constructor(rate: TokenRate, nowMs: number) {
    this.#rate = rate;
    this.#tokens = rate.burst;
    this.#filledAtMs = nowMs;
  }

  /** Takes one token; returns `false` if there is none. A clock that was set back refills nothing. */
  take(nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#filledAtMs);
    this.#filledAtMs = nowMs;
    this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsedMs * this.#rate.perSecond) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** `refused-silently`: like `refused`, but enough errors were sent in the current second. */
export type FrameVerdict = 'admitted' | 'refused' | 'refused-silently' | 'abuse';

/** Maximum rate of errors sent to a client whose frames are refused. */
const errorRate: TokenRate = { perSecond: 20, burst: 20 };
/** A client that sends more than ten times the allowed rate ignores its errors. */
const refusedPerAdmitted = 9;
/** How many bursts of frames may be refused above that. */
const maxRefusedBursts = 5;

/** Decides about every frame of a connection before it is parsed. */
export class FrameGate {
  readonly #frames: TokenBucket;
  readonly #errors: TokenBucket;
  readonly #maxRefusals: number;
  #refusals = 0;

  /** @param rate the rate of admitted frames */
  constructor(rate: TokenRate, nowMs: number) {
    this.#frames = new TokenBucket(rate, nowMs);
    this.#errors = new TokenBucket(errorRate, nowMs);
    this.#maxRefusals = rate.burst * maxRefusedBursts;
  }

  decide(nowMs: number): FrameVerdict {
    if (this.#frames.take(nowMs)) {
      this.#refusals = Math.max(0, this.#refusals - refusedPerAdmitted);
      return 'admitted';
    }
    this.#refusals += 1;
    if (this.#refusals > this.#maxRefusals) return 'abuse';
    return this.#errors.take(nowMs) ? 'refused' : 'refused-silently';
  }
}
