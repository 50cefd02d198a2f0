import type { Buckets } from './limits.ts';
import type { CapacityRequest, LimitReason } from './rate-limiter.ts';

/** What was granted under a limit, in all: it tells how much others were granted meanwhile. */
export interface GrantTotals {
  readonly requests: number;
  readonly tokens: number;
}

export interface StoreRequest extends CapacityRequest {
  /** Names the call; nobody else's has the name. */
  readonly call: string;
  readonly buckets: Buckets;
  /** The share of a bucket that only finals may use. */
  readonly reserve: number;
  /** The call is made already, and is only to be counted. */
  readonly isMade: boolean;
}

export interface StoreReply {
  readonly status: 'granted' | LimitReason;
  /** When there may be capacity; 0 where there is. */
  readonly retryAfterMs: number;
  /** How full the bucket is that has least, from 0 to 1. */
  readonly fill: number;
  /** The share of the allowance that was not used lately, from 0 to 1. */
  readonly headroom: number;
  readonly granted: GrantTotals;
}

/** A call that has ended, as the others may need to know of it. */
export interface StoreRelease {
  readonly call: string;
  readonly buckets: Buckets;
  /** Tokens that it counted as, above what was taken for it. */
  readonly moreTokens: number;
  /** What the engine said was left when it took the call, and what was granted and how much time has passed since then. */
  readonly told:
    | {
        readonly remainingRequests: number | undefined;
        readonly remainingTokens: number | undefined;
        readonly granted: GrantTotals;
        readonly elapsedMs: number;
      }
    | undefined;
  /** How long nobody may call, where the engine refused it. */
  readonly pauseMs: number | undefined;
}

/** The capacity under an endpoint's limits, kept where all workers can ask. */
export interface LimiterStore {
  /** Whether it can be asked at the moment. */
  readonly isReachable: boolean;
  acquire(request: StoreRequest): Promise<StoreReply>;
  release(release: StoreRelease): Promise<void>;
}
