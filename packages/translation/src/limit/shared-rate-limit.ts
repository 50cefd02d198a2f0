import type { BucketShape, RoomShape } from './bucket-shape.ts';
import { dividedShape } from './bucket-shape.ts';
import { KnownLimits, type MinuteLimits } from './known-limits.ts';
import { emptyLevel, takeLocally, type LocalLevel } from './local-bucket.ts';
import type { CallAsk, CallOutcome, Grant, Permit, RateLimit, RoomRefusal } from './rate-limit.ts';
import type { GivenAway, SharedAnswer, SharedAsk, SharedRoom } from './shared-room.ts';

/** Hears what becomes of the calls that ask for room. */
export interface RateLimitObserver {
  asked(kind: CallAsk['kind'], result: 'granted' | RoomRefusal): void;
  /** The engine refused a call for its rate. */
  paused(): void;
  /** What share of the allowance was not used lately. */
  unused(share: number): void;
  /** Whether this thread counts alone, because the others can't be asked. */
  alone(isAlone: boolean): void;
}

export interface SharedRateLimitOptions {
  readonly room: SharedRoom;
  /** As configured; what isn't is learnt from the engine. */
  readonly limits: MinuteLimits;
  /** The share of what may be used at once that only finals may use. */
  readonly finalReserve: number;
  /** How many threads, this one among them, share the limit, as far as is known. */
  readonly threads: () => number;
  readonly observer: RateLimitObserver;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Gives a name that nobody else has. */
  readonly newCall: () => string;
}

/** The longest that a store may take to say whether there is room. */
const answerWithinMs = 500;
/** How long a thread counts alone before it asks again. */
const aloneForMs = 1000;
/** No engine is left alone for longer, whatever it says: nobody's minute takes longer. */
const longestPauseMs = 120_000;
/** Where an engine refuses a call and doesn't say for how long. */
const usualPauseMs = 500;
/** Where the bucket was at least so full, a call doesn't wait for the answer. */
const plentifulFill = 0.5;

/**
 * The rate limit that all workers share. As long as no limit is known, nothing is asked, and only the pauses count that an
 * engine's refusals bring. While there is plenty of room, a few calls are made before their count is acknowledged; all of
 * these together are at most half a bucket. Where the store doesn't answer, each thread takes its part of the limit.
 */
export class SharedRateLimit implements RateLimit {
  readonly #options: SharedRateLimitOptions;
  readonly #limits: KnownLimits;
  #pausedUntilMs = -Infinity;
  #aloneUntilMs = -Infinity;
  #isAlone = false;
  #alone: LocalLevel = emptyLevel(0);
  #fill = 0;
  #unused: number | undefined;
  readonly #unacknowledged = { requests: 0, tokens: 0 };

  constructor(options: SharedRateLimitOptions) {
    this.#options = options;
    this.#limits = new KnownLimits(options.limits);
  }

  get countsTokens(): boolean {
    return this.#limits.shape?.tokens !== undefined;
  }

  /** The share of the allowance that was not used lately; `undefined` while no limit is known. */
  get unused(): number | undefined {
    return this.#unused;
  }

  /** The engine has told somebody to stay away for so long. */
  pause(forMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.#options.now() + Math.min(forMs, longestPauseMs));
  }

  async take(ask: CallAsk): Promise<Grant> {
    const grant = await this.#take(ask);
    this.#options.observer.asked(ask.kind, grant.status === 'granted' ? 'granted' : grant.reason);
    return grant;
  }

  async #take(ask: CallAsk): Promise<Grant> {
    const pausedForMs = this.#pausedUntilMs - this.#options.now();
    if (pausedForMs > 0) return { status: 'refused', reason: 'paused', retryAfterMs: pausedForMs };
    const { shape } = this.#limits;
    if (shape === undefined) return this.#granted(ask, undefined);
    if (!this.#canAsk()) return this.#takeAlone(ask, shape);
    const shared = { ...ask, call: this.#options.newCall(), shape, reserve: this.#options.finalReserve };
    if (this.#hasPlenty(shape, ask.tokens)) {
      void this.#acknowledge({ ...shared, isMade: true });
      return this.#granted(ask, shared.call);
    }
    const answer = await this.#ask({ ...shared, isMade: false });
    if (answer === undefined) return this.#takeAlone(ask, shape);
    const { status, retryAfterMs, given } = answer;
    if (status === 'paused') this.pause(retryAfterMs);
    if (status !== 'granted') return { status: 'refused', reason: status, retryAfterMs };
    return this.#granted(ask, shared.call, given);
  }

  #canAsk(): boolean {
    if (!this.#options.room.isReachable) this.#goAlone();
    return this.#options.now() >= this.#aloneUntilMs;
  }

  #goAlone(): void {
    const now = this.#options.now();
    this.#aloneUntilMs = now + aloneForMs;
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#alone = emptyLevel(now);
    this.#options.observer.alone(true);
  }

  #takeAlone(ask: CallAsk, shape: RoomShape): Grant {
    const { finalReserve, now, threads } = this.#options;
    const among = Math.max(1, threads());
    const part = (bucket: BucketShape | undefined): BucketShape | undefined => bucket && dividedShape(bucket, among);
    const own = { requests: part(shape.requests), tokens: part(shape.tokens) };
    const { level, waitMs } = takeLocally(this.#alone, ask, own, finalReserve, now());
    this.#alone = level;
    if (waitMs > 0) return { status: 'refused', reason: 'no-room', retryAfterMs: waitMs };
    return this.#granted(ask, undefined);
  }

  /** Whether there is so much room that nobody need be asked first: half a bucket is for such calls, of all threads. */
  #hasPlenty({ requests, tokens }: RoomShape, cost: number): boolean {
    if (this.#fill < plentifulFill) return false;
    const part = plentifulFill / Math.max(1, this.#options.threads());
    const { requests: calls, tokens: counted } = this.#unacknowledged;
    const fits = (amount: number, bucket: BucketShape | undefined): boolean =>
      bucket === undefined || amount <= bucket.capacity * part;
    return fits(calls + 1, requests) && fits(counted + cost, tokens);
  }

  async #acknowledge(ask: SharedAsk): Promise<void> {
    this.#unacknowledged.requests += 1;
    this.#unacknowledged.tokens += ask.tokens;
    await this.#ask(ask);
    this.#unacknowledged.requests -= 1;
    this.#unacknowledged.tokens -= ask.tokens;
  }

  /** @returns `undefined` where no answer came in time */
  async #ask(ask: SharedAsk): Promise<SharedAnswer | undefined> {
    const { promise: late, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), answerWithinMs);
    try {
      const answer = await Promise.race([this.#options.room.take(ask), late]);
      if (answer === undefined) this.#goAlone();
      else this.#heard(answer);
      return answer;
    } catch {
      this.#goAlone();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #heard({ fill, unused }: SharedAnswer): void {
    this.#fill = fill;
    this.#unused = unused;
    this.#options.observer.unused(unused);
    if (!this.#isAlone) return;
    this.#isAlone = false;
    this.#options.observer.alone(false);
  }

  #granted(ask: CallAsk, call: string | undefined, given?: GivenAway): Grant {
    const takenAtMs = this.#options.now();
    const permit: Permit = {
      settle: (outcome) => this.#settle(ask, outcome, { call, given, elapsedMs: this.#options.now() - takenAtMs }),
    };
    return { status: 'granted', permit };
  }

  #settle(
    ask: CallAsk,
    { tokens, limits, refused }: CallOutcome,
    { call, given, elapsedMs }: { call: string | undefined; given: GivenAway | undefined; elapsedMs: number },
  ): void {
    const { observer, room, newCall } = this.#options;
    if (limits !== undefined) this.#limits.learn(limits);
    const pauseMs = refused && Math.min(refused.retryAfterMs ?? usualPauseMs, longestPauseMs);
    if (pauseMs !== undefined) {
      this.pause(pauseMs);
      this.#fill = 0;
      observer.paused();
    }
    const moreTokens = tokens === undefined || call === undefined ? 0 : tokens - ask.tokens;
    const remaining = { remainingRequests: limits?.requests.remaining, remainingTokens: limits?.tokens.remaining };
    const isTold = remaining.remainingRequests !== undefined || remaining.remainingTokens !== undefined;
    const told = given === undefined || !isTold ? undefined : { ...remaining, given, elapsedMs };
    if (pauseMs === undefined && told === undefined && moreTokens === 0) return;
    // Told when the store is back, a pause would begin anew for everybody.
    if (!room.isReachable) return;
    const shape = this.#limits.shape ?? { requests: undefined, tokens: undefined };
    // Without it the others count a little wrong, or find out about the pause by themselves.
    room.settle({ call: call ?? newCall(), shape, moreTokens, told, pauseMs }).catch(() => undefined);
  }
}
