import { Limits, type Buckets, type MinuteLimits } from './limits.ts';
import type { GrantTotals, LimiterStore, StoreReply } from './limiter-store.ts';
import { LocalFallbackLimiter, type LocalFallbackLimiterOptions } from './local-fallback-limiter.ts';
import { Pauses } from './pauses.ts';
import type { CallReport, CapacityRequest, Grant, LimitReason, Permit, RateLimiter } from './rate-limiter.ts';
import { RemoteLimiter } from './remote-limiter.ts';

/** Receives events of the rate limiter. */
export interface RateLimiterObserver {
  asked(kind: CapacityRequest['kind'], result: 'granted' | LimitReason): void;
  /** The engine refused a call because of its rate limit. */
  paused(): void;
  /** The recently unused share of the allowance. */
  headroom(share: number): void;
  /** Whether this thread uses its local fallback because the store is unavailable. */
  localFallback(isActive: boolean): void;
}

export interface SharedRateLimiterOptions extends Omit<LocalFallbackLimiterOptions, 'onChange'> {
  readonly store: LimiterStore;
  /** Configured limits; the others are taken from the engine's responses. */
  readonly limits: MinuteLimits;
  readonly observer: RateLimiterObserver;
  /** Returns a number in [0, 1), as `Math.random` does. */
  readonly random: () => number;
  /** Returns a unique call ID. */
  readonly newCall: () => string;
}

/** How long the limit counts as saturated after a refusal. */
const saturatedForMs = 2000;

/** What was acquired for a call. */
interface Acquired {
  /** The call's ID in the store; `undefined`: not known there. */
  readonly call: string | undefined;
  readonly granted: GrantTotals | undefined;
  readonly elapsedMs: number;
}

/**
 * The rate limit shared by all workers. While no limit is known, the store is not used and only pauses after refusals apply.
 * While there is plenty of capacity, calls are made before the store has replied, for at most half a bucket in all. If the
 * store does not reply, each thread uses its share of the limit.
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

  /** The recently unused share of the allowance; `undefined` while no limit is known. */
  get headroom(): number | undefined {
    return this.#remote.headroom;
  }

  /** Applies a pause reported by another thread. */
  pause(forMs: number): void {
    this.#pauses.extend(forMs);
  }

  /** Ends the local fallback after the store has reconnected, even if no call is made. */
  storeReconnected(): void {
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
    const pausedForMs = this.#pauses.remainingMs;
    if (pausedForMs > 0) return { status: 'refused', reason: 'paused', retryAfterMs: pausedForMs };
    const { buckets } = this.#limits;
    if (buckets === undefined) return this.#granted(request, undefined);
    if (!this.#canAskStore()) return this.#takeLocally(request, buckets);
    const shared = { ...request, call: this.#options.newCall(), buckets, reserve: this.#options.finalReserve };
    if (this.#remote.hasPlenty(buckets, request.tokens)) {
      void this.#remote.report(shared).then((reply) => this.#handleReply(reply));
      return this.#granted(request, shared.call);
    }
    const reply = await this.#remote.ask(shared);
    this.#handleReply(reply);
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

  #handleReply(reply: StoreReply | undefined): void {
    if (reply === undefined) {
      this.#fallback.begin();
      return;
    }
    this.#options.observer.headroom(reply.headroom);
    this.#fallback.end();
  }

  #takeLocally(request: CapacityRequest, buckets: Buckets): Grant {
    const waitMs = this.#fallback.acquire(request, buckets);
    if (waitMs > 0) return { status: 'refused', reason: 'no-capacity', retryAfterMs: waitMs };
    return this.#granted(request, undefined);
  }

  #granted(request: CapacityRequest, call: string | undefined, granted?: GrantTotals): Grant {
    const acquiredAtMs = this.#options.now();
    const permit: Permit = {
      release: (report) =>
        this.#release(request, report, { call, granted, elapsedMs: this.#options.now() - acquiredAtMs }),
    };
    return { status: 'granted', permit };
  }

  #release(
    request: CapacityRequest,
    { tokens, limits, refused, isAnswered = false }: CallReport,
    { call, granted, elapsedMs }: Acquired,
  ): number {
    const { observer, store, newCall } = this.#options;
    if (limits !== undefined) this.#limits.learn(limits);
    const acquiredAtMs = this.#options.now() - elapsedMs;
    const pauseMs = refused && this.#pauses.refused(acquiredAtMs, refused.retryAfterMs);
    if (pauseMs !== undefined) {
      this.#remote.markExhausted();
      observer.paused();
    } else if (isAnswered) {
      this.#pauses.succeeded(acquiredAtMs);
    }
    // A pause of 0 ms is over already.
    const sharedPauseMs = pauseMs === 0 ? undefined : pauseMs;
    const moreTokens = tokens === undefined || call === undefined ? 0 : tokens - request.tokens;
    const remaining = { remainingRequests: limits?.requests.remaining, remainingTokens: limits?.tokens.remaining };
    const isReported = remaining.remainingRequests !== undefined || remaining.remainingTokens !== undefined;
    const reported = granted === undefined || !isReported ? undefined : { ...remaining, granted, elapsedMs };
    if (sharedPauseMs === undefined && reported === undefined && moreTokens === 0) return pauseMs ?? 0;
    // Sent after a reconnect, the pause would start anew for all threads.
    if (!store.isReachable) return pauseMs ?? 0;
    const buckets = this.#limits.buckets ?? { requests: undefined, tokens: undefined };
    // If this fails, the shared count is slightly off, and other threads learn of the pause from their own calls.
    store
      .release({ call: call ?? newCall(), buckets, moreTokens, reported, pauseMs: sharedPauseMs })
      .catch(() => undefined);
    return pauseMs ?? 0;
  }
}
