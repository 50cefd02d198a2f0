import { TokenBucket, type TokenRate } from './token-bucket.ts';

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
  readonly #burst: number;
  #refusals = 0;

  /**
   * @param frames the frames that the connection may send
   * @param burst how many these are at most
   */
  constructor(frames: TokenBucket, burst: number, nowMs: number) {
    this.#frames = frames;
    this.#errors = new TokenBucket(errorRate, nowMs);
    this.#burst = burst;
    this.#maxRefusals = burst * maxRefusedBursts;
  }

  /** Counts work of an admitted frame that is known only after parsing it; later frames have to wait for it. */
  charge(cost: number): void {
    this.#frames.charge(cost);
  }

  /** @param cost how many ordinary frames this one counts for */
  decide(nowMs: number, cost = 1): FrameVerdict {
    const counted = Math.min(cost, this.#burst);
    if (this.#frames.take(nowMs, counted)) {
      this.#refusals = Math.max(0, this.#refusals - refusedPerAdmitted * counted);
      return 'admitted';
    }
    this.#refusals += counted;
    if (this.#refusals > this.#maxRefusals) return 'abuse';
    return this.#errors.take(nowMs) ? 'refused' : 'refused-silently';
  }
}
