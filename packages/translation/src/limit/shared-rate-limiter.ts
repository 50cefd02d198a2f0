import { Limits, type Buckets, type MinuteLimits } from './limits.ts';
import type { GrantTotals, LimiterStore, StoreReply } from './limiter-store.ts';
import { LocalFallbackLimiter, type LocalFallbackLimiterOptions } from './local-fallback-limiter.ts';
import { Pauses } from './pauses.ts';
import type { CallReport, CapacityRequest, Grant, LimitReason, Permit, RateLimiter } from './rate-limiter.ts';
import { RemoteLimiter } from './remote-limiter.ts';

/** Hears what becomes of the calls that ask for capacity. */
export interface RateLimiterObserver {
  asked(kind: CapacityRequest['kind'], result: 'granted' | LimitReason): void;
  /** The engine refused a call for its rate. */
  paused(): void;
  /** What share of the allowance was not used lately. */
  headroom(share: number): void;
  /** Whether this thread counts by itself, because the store can't be asked. */
  localFallback(isActive: boolean): void;
}

export interface SharedRateLimiterOptions extends Omit<LocalFallbackLimiterOptions, 'onChange'> {
  readonly store: LimiterStore;
  /** As configured; what isn't is learnt from the engine. */
  readonly limits: MinuteLimits;
  readonly observer: RateLimiterObserver;
  /** A number in [0, 1), such as `Math.random` gives. */
  readonly random: () => number;
  /** Gives a name that nobody else has. */
  readonly newCall: () => string;
}

/** How long the limit counts as saturated after a call was refused capacity. */
const saturatedForMs = 2000;

/** What the store gave for a call. */
interface Taken {
  /** The call's name there; `undefined`: the store doesn't know of it. */
  readonly call: string | undefined;
  readonly granted: GrantTotals | undefined;
  readonly elapsedMs: number;
}

/**
 * The rate limit that all workers share. As long as no limit is known, nothing is asked, and only the pauses count that an
 * engine's refusals bring. While there is plenty of capacity, a few calls are made before their count is acknowledged; all
 * of these together are at most half a bucket. Where the store doesn't answer, each thread takes its part of the limit.
 */
export class SharedRateLimiter implements RateLimiter {
  readonly #options: SharedRateLimiterOptions;
  readonly #limits: Limits;
  readonly #fallback: LocalFallbackLimiter;
  readonly #remote: RemoteLimiter;
  readonly #pauses: Pauses;
  #saturatedUntilMs = -Infinity;

  constructor(options: SharedRateLimiterOptions) {
    this.#options = options;
    this.#limits = new Limits(options.limits);
    const onChange = (isActive: boolean): void => options.observer.localFallback(isActive);
    this.#fallback = new LocalFallbackLimiter({ ...options, onChange });
    this.#remote = new RemoteLimiter(options);
    this.#pauses = new Pauses(options);
  }

  get countsTokens(): boolean {
    return this.#limits.buckets?.tokens !== undefined;
  }

  get isSaturated(): boolean {
    return this.#options.now() < this.#saturatedUntilMs;
  }

  /** The share of the allowance that was not used lately; `undefined` while no limit is known. */
  get headroom(): number | undefined {
    return this.#remote.headroom;
  }

  /** The engine has told another thread to stay away for so long. */
  pause(forMs: number): void {
    this.#pauses.heard(forMs);
  }

  /** The store answers again: no thread counts by itself for want of calls by which to find out. */
  storeIsBack(): void {
    this.#fallback.end();
  }

  async acquire(request: CapacityRequest): Promise<Grant> {
    const grant = await this.#acquire(request);
    const isGranted = grant.status === 'granted';
    if (!isGranted) this.#saturatedUntilMs = this.#options.now() + saturatedForMs;
    this.#options.observer.asked(request.kind, isGranted ? 'granted' : grant.reason);
    return grant;
  }

  async #acquire(request: CapacityRequest): Promise<Grant> {
    const pausedForMs = this.#pauses.leftMs;
    if (pausedForMs > 0) return { status: 'refused', reason: 'paused', retryAfterMs: pausedForMs };
    const { buckets } = this.#limits;
    if (buckets === undefined) return this.#granted(request, undefined);
    if (!this.#canAskStore()) return this.#takeLocally(request, buckets);
    const shared = { ...request, call: this.#options.newCall(), buckets, reserve: this.#options.finalReserve };
    if (this.#remote.hasPlenty(buckets, request.tokens)) {
      void this.#remote.report(shared).then((reply) => this.#heard(reply));
      return this.#granted(request, shared.call);
    }
    const reply = await this.#remote.ask(shared);
    this.#heard(reply);
    if (reply === undefined) return this.#takeLocally(request, buckets);
    const { status, retryAfterMs, granted } = reply;
    if (status === 'paused') this.pause(retryAfterMs);
    if (status !== 'granted') return { status: 'refused', reason: status, retryAfterMs };
    return this.#granted(request, shared.call, granted);
  }

  #canAskStore(): boolean {
    if (!this.#options.store.isReachable) this.#fallback.begin();
    return !this.#fallback.isActive;
  }

  #heard(reply: StoreReply | undefined): void {
    if (reply === undefined) {
      this.#fallback.begin();
      return;
    }
    this.#options.observer.headroom(reply.headroom);
    this.#fallback.end();
  }

  #takeLocally(request: CapacityRequest, buckets: Buckets): Grant {
    const waitMs = this.#fallback.acquire(request, buckets);
    if (waitMs > 0) return { status: 'refused', reason: 'no-room', retryAfterMs: waitMs };
    return this.#granted(request, undefined);
  }

  #granted(request: CapacityRequest, call: string | undefined, granted?: GrantTotals): Grant {
    const takenAtMs = this.#options.now();
    const permit: Permit = {
      release: (report) =>
        this.#release(request, report, { call, granted, elapsedMs: this.#options.now() - takenAtMs }),
    };
    return { status: 'granted', permit };
  }

  #release(
    request: CapacityRequest,
    { tokens, limits, refused, isAnswered = false }: CallReport,
    { call, granted, elapsedMs }: Taken,
  ): number {
    const { observer, store, newCall } = this.#options;
    if (limits !== undefined) this.#limits.learn(limits);
    const takenAtMs = this.#options.now() - elapsedMs;
    const pauseMs = refused && this.#pauses.refused(takenAtMs, refused.retryAfterMs);
    if (pauseMs !== undefined) {
      this.#remote.exhausted();
      observer.paused();
    } else if (isAnswered) {
      this.#pauses.succeeded(takenAtMs);
    }
    // Nothing to tell the others of a pause that is over already.
    const toldPauseMs = pauseMs === 0 ? undefined : pauseMs;
    const moreTokens = tokens === undefined || call === undefined ? 0 : tokens - request.tokens;
    const remaining = { remainingRequests: limits?.requests.remaining, remainingTokens: limits?.tokens.remaining };
    const isTold = remaining.remainingRequests !== undefined || remaining.remainingTokens !== undefined;
    const told = granted === undefined || !isTold ? undefined : { ...remaining, granted, elapsedMs };
    if (toldPauseMs === undefined && told === undefined && moreTokens === 0) return pauseMs ?? 0;
    // Told when the store is back, a pause would begin anew for everybody.
    if (!store.isReachable) return pauseMs ?? 0;
    const buckets = this.#limits.buckets ?? { requests: undefined, tokens: undefined };
    // Without it the others count a little wrong, or find out about the pause by themselves.
    store.release({ call: call ?? newCall(), buckets, moreTokens, told, pauseMs: toldPauseMs }).catch(() => undefined);
    return pauseMs ?? 0;
  }
}
