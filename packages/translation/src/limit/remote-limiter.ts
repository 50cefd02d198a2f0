import type { Bucket, Buckets } from './limits.ts';
import type { StoreReply, StoreRequest, LimiterStore } from './limiter-store.ts';

type Ask = Omit<StoreRequest, 'isMade'>;

/** The longest that a store may take to say whether there is capacity. */
const answerWithinMs = 500;
/** Where the bucket was at least so full, a call doesn't wait for the answer. */
const plentifulFill = 0.5;

/** Asks the store that all workers share, and knows what it said last. */
export class RemoteLimiter {
  readonly #store: Pick<LimiterStore, 'acquire'>;
  readonly #threads: () => number;
  readonly #unacknowledged = { requests: 0, tokens: 0 };
  #fill = 0;
  #headroom: number | undefined;
  #refusals = 0;

  /** @param given `threads`: how many there are, this one among them */
  constructor({ store, threads }: { readonly store: Pick<LimiterStore, 'acquire'>; readonly threads: () => number }) {
    this.#store = store;
    this.#threads = threads;
  }

  /** The share of the allowance that was not used lately; `undefined` while nothing was said. */
  get headroom(): number | undefined {
    return this.#headroom;
  }

  /** The engine has refused a call: nothing is left, whatever the store said, or says to who asked before. */
  exhausted(): void {
    this.#refusals += 1;
    this.#fill = 0;
  }

  /** Whether there is so much capacity that nobody need be asked first: half a bucket is for such calls, of all threads. */
  hasPlenty({ requests, tokens }: Buckets, cost: number): boolean {
    if (this.#fill < plentifulFill) return false;
    const part = plentifulFill / Math.max(1, this.#threads());
    const { requests: calls, tokens: counted } = this.#unacknowledged;
    const fits = (amount: number, bucket: Bucket | undefined): boolean =>
      bucket === undefined || amount <= bucket.capacity * part;
    return fits(calls + 1, requests) && fits(counted + cost, tokens);
  }

  /** Asks for capacity for one call. @returns `undefined` where no answer came in time */
  async ask(ask: Ask): Promise<StoreReply | undefined> {
    return await this.#acquire({ ...ask, isMade: false });
  }

  /** Tells of a call that is made without asking. @returns as `ask` */
  async report(ask: Ask): Promise<StoreReply | undefined> {
    this.#unacknowledged.requests += 1;
    this.#unacknowledged.tokens += ask.tokens;
    const answer = await this.#acquire({ ...ask, isMade: true });
    this.#unacknowledged.requests -= 1;
    this.#unacknowledged.tokens -= ask.tokens;
    return answer;
  }

  async #acquire(ask: StoreRequest): Promise<StoreReply | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), answerWithinMs);
    const refusals = this.#refusals;
    try {
      const answer = await Promise.race([this.#store.acquire(ask), late]);
      if (answer !== undefined) {
        if (refusals === this.#refusals) this.#fill = answer.fill;
        this.#headroom = answer.headroom;
      }
      return answer;
    } catch {
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
