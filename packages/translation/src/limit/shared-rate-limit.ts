import { AloneLimit, type AloneLimitOptions } from './alone-limit.ts';
import { AskedStore } from './asked-store.ts';
import type { RoomShape } from './bucket-shape.ts';
import { KnownLimits, type MinuteLimits } from './known-limits.ts';
import { Pauses } from './pauses.ts';
import type { CallAsk, CallOutcome, Grant, Permit, RateLimit, RoomRefusal } from './rate-limit.ts';
import type { GivenAway, SharedAnswer, SharedRoom } from './shared-room.ts';

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

export interface SharedRateLimitOptions extends Omit<AloneLimitOptions, 'onChange'> {
  readonly room: SharedRoom;
  /** As configured; what isn't is learnt from the engine. */
  readonly limits: MinuteLimits;
  readonly observer: RateLimitObserver;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
  /** Gives a name that nobody else has. */
  readonly newCall: () => string;
}

/**
 * The rate limit that all workers share. As long as no limit is known, nothing is asked, and only the pauses count that an
 * engine's refusals bring. While there is plenty of room, a few calls are made before their count is acknowledged; all of
 * these together are at most half a bucket. Where the store doesn't answer, each thread takes its part of the limit.
 */
export class SharedRateLimit implements RateLimit {
  readonly #options: SharedRateLimitOptions;
  readonly #limits: KnownLimits;
  readonly #alone: AloneLimit;
  readonly #store: AskedStore;
  readonly #pauses: Pauses;

  constructor(options: SharedRateLimitOptions) {
    this.#options = options;
    this.#limits = new KnownLimits(options.limits);
    this.#alone = new AloneLimit({ ...options, onChange: (isAlone) => options.observer.alone(isAlone) });
    this.#store = new AskedStore(options);
    this.#pauses = new Pauses(options);
  }

  get countsTokens(): boolean {
    return this.#limits.shape?.tokens !== undefined;
  }

  /** The share of the allowance that was not used lately; `undefined` while no limit is known. */
  get unused(): number | undefined {
    return this.#store.unused;
  }

  /** The engine has told somebody to stay away for so long. */
  pause(forMs: number): void {
    this.#pauses.heard(forMs);
  }

  /** The store has answered somebody: no thread counts alone for want of calls by which to find out. */
  storeIsBack(): void {
    this.#alone.end();
  }

  async take(ask: CallAsk): Promise<Grant> {
    const grant = await this.#take(ask);
    this.#options.observer.asked(ask.kind, grant.status === 'granted' ? 'granted' : grant.reason);
    return grant;
  }

  async #take(ask: CallAsk): Promise<Grant> {
    const pausedForMs = this.#pauses.leftMs;
    if (pausedForMs > 0) return { status: 'refused', reason: 'paused', retryAfterMs: pausedForMs };
    const { shape } = this.#limits;
    if (shape === undefined) return this.#granted(ask, undefined);
    if (!this.#canAsk()) return this.#takeAlone(ask, shape);
    const shared = { ...ask, call: this.#options.newCall(), shape, reserve: this.#options.finalReserve };
    if (this.#store.hasPlenty(shape, ask.tokens)) {
      void this.#store.tell(shared).then((answer) => this.#heard(answer));
      return this.#granted(ask, shared.call);
    }
    const answer = await this.#store.ask(shared);
    this.#heard(answer);
    if (answer === undefined) return this.#takeAlone(ask, shape);
    const { status, retryAfterMs, given } = answer;
    if (status === 'paused') this.pause(retryAfterMs);
    if (status !== 'granted') return { status: 'refused', reason: status, retryAfterMs };
    return this.#granted(ask, shared.call, given);
  }

  #canAsk(): boolean {
    if (!this.#options.room.isReachable) this.#alone.begin();
    return !this.#alone.holds;
  }

  #heard(answer: SharedAnswer | undefined): void {
    if (answer === undefined) {
      this.#alone.begin();
      return;
    }
    this.#options.observer.unused(answer.unused);
    this.#alone.end();
  }

  #takeAlone(ask: CallAsk, shape: RoomShape): Grant {
    const waitMs = this.#alone.take(ask, shape);
    if (waitMs > 0) return { status: 'refused', reason: 'no-room', retryAfterMs: waitMs };
    return this.#granted(ask, undefined);
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
    { tokens, limits, refused, isAnswered = false }: CallOutcome,
    { call, given, elapsedMs }: { call: string | undefined; given: GivenAway | undefined; elapsedMs: number },
  ): number {
    const { observer, room, newCall } = this.#options;
    if (limits !== undefined) this.#limits.learn(limits);
    const takenAtMs = this.#options.now() - elapsedMs;
    const pauseMs = refused && this.#pauses.refused(takenAtMs, refused.retryAfterMs);
    if (pauseMs !== undefined) {
      this.#store.ranOut();
      observer.paused();
    } else if (isAnswered) {
      this.#pauses.succeeded(takenAtMs);
    }
    // Nothing to tell the others of a pause that is over already.
    const toldPauseMs = pauseMs === 0 ? undefined : pauseMs;
    const moreTokens = tokens === undefined || call === undefined ? 0 : tokens - ask.tokens;
    const remaining = { remainingRequests: limits?.requests.remaining, remainingTokens: limits?.tokens.remaining };
    const isTold = remaining.remainingRequests !== undefined || remaining.remainingTokens !== undefined;
    const told = given === undefined || !isTold ? undefined : { ...remaining, given, elapsedMs };
    if (toldPauseMs === undefined && told === undefined && moreTokens === 0) return pauseMs ?? 0;
    // Told when the store is back, a pause would begin anew for everybody.
    if (!room.isReachable) return pauseMs ?? 0;
    const shape = this.#limits.shape ?? { requests: undefined, tokens: undefined };
    // Without it the others count a little wrong, or find out about the pause by themselves.
    room.settle({ call: call ?? newCall(), shape, moreTokens, told, pauseMs: toldPauseMs }).catch(() => undefined);
    return pauseMs ?? 0;
  }
}
