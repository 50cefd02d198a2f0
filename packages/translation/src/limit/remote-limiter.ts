import type { Bucket, Buckets } from './limits.ts';
import type { StoreReply, StoreRequest, LimiterStore } from './limiter-store.ts';

type Ask = Omit<StoreRequest, 'isMade'>;

/** How long to wait for the store's reply. */
const replyTimeoutMs = 500;
/** Fill level of the bucket above which calls are made without waiting for the reply. */
const plentifulFill = 0.5;

/** Acquires capacity from the shared store and keeps its last reply. */
export class RemoteLimiter {
  readonly #store: Pick<LimiterStore, 'acquire'>;
  readonly #threads: () => number;
  readonly #unacknowledged = { requests: 0, tokens: 0 };
  #fill = 0;
  #headroom: number | undefined;
  #refusals = 0;

  /** @param options `threads`: number of worker threads, including this one */
  constructor({ store, threads }: { readonly store: Pick<LimiterStore, 'acquire'>; readonly threads: () => number }) {
    this.#store = store;
    this.#threads = threads;
  }

  /** The recently unused share of the allowance; `undefined` before the first reply. */
  get headroom(): number | undefined {
    return this.#headroom;
  }

  /** The engine refused a call: treat the bucket as empty, ignoring replies to requests already sent. */
  markExhausted(): void {
    this.#refusals += 1;
    this.#fill = 0;
  }

  /** Whether a call can be made before the store has replied; all threads together may use half a bucket for such calls. */
  hasPlenty({ requests, tokens }: Buckets, cost: number): boolean {
    if (this.#fill < plentifulFill) return false;
    const part = plentifulFill / Math.max(1, this.#threads());
    const { requests: calls, tokens: counted } = this.#unacknowledged;
    const fits = (amount: number, bucket: Bucket | undefined): boolean =>
      bucket === undefined || amount <= bucket.capacity * part;
    return fits(calls + 1, requests) && fits(counted + cost, tokens);
  }

  /** Acquires capacity for one call. @returns `undefined` if the store did not reply in time */
  async ask(ask: Ask): Promise<StoreReply | undefined> {
    return await this.#acquire({ ...ask, isMade: false });
  }

  /** Counts a call that is made without waiting. @returns as `ask` */
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
    const timer = setTimeout(() => resolve(undefined), replyTimeoutMs);
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
