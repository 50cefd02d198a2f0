import type { Buckets } from './limits.ts';
import type { CapacityRequest, LimitReason } from './rate-limiter.ts';

/** Cumulative amounts granted under a limit; the difference of two values shows what was granted in between. */
export interface GrantTotals {
  readonly requests: number;
  readonly tokens: number;
}

export interface StoreRequest extends CapacityRequest {
  /** Unique ID of the call. */
  readonly call: string;
  readonly buckets: Buckets;
  /** The share of a bucket that only finals may use. */
  readonly reserve: number;
  /** The call is already under way and only needs to be counted. */
  readonly isMade: boolean;
}

export interface StoreReply {
  readonly status: 'granted' | LimitReason;
  /** Milliseconds until there may be capacity; 0 if there is. */
  readonly retryAfterMs: number;
  /** Fill level of the emptiest bucket, from 0 to 1. */
  readonly fill: number;
  /** The recently unused share of the allowance, from 0 to 1. */
  readonly headroom: number;
  readonly granted: GrantTotals;
}

/** Reports the end of a call to the shared limiter. */
export interface StoreRelease {
  readonly call: string;
  readonly buckets: Buckets;
  /** Tokens counted for the call in addition to those acquired. */
  readonly moreTokens: number;
  /** The remaining allowance that the engine reported, with the amounts granted and the time elapsed since then. */
  readonly reported:
    | {
        readonly remainingRequests: number | undefined;
        readonly remainingTokens: number | undefined;
        readonly granted: GrantTotals;
        readonly elapsedMs: number;
      }
    | undefined;
  /** How long all calls are paused, if the engine refused this one. */
  readonly pauseMs: number | undefined;
}

/** The store of an endpoint's rate limit, shared by all workers. */
export interface LimiterStore {
  readonly isReachable: boolean;
  acquire(request: StoreRequest): Promise<StoreReply>;
  release(release: StoreRelease): Promise<void>;
}
