import type { EngineLimits, TranslationRequest } from '../engine/engine.ts';

/** A request for the capacity of one call under an engine's rate limit. */
export interface CapacityRequest {
  /** Finals have priority, except those behind many others of their session; see `hasBacklog`. */
  readonly kind: 'partial' | 'final';
  /** Tenants share the capacity evenly, by the cost of their calls; one that has had its share gives its finals no priority. */
  readonly tenant: string | undefined;
  /** Partials share the remaining capacity evenly among the sessions of a tenant. */
  readonly session: string | undefined;
  /** Estimated tokens counted under a token limit. */
  readonly tokens: number;
}

/**
 * Why there is no capacity: `paced` (other tenants or sessions come first), `no-capacity` (the current allowance is used up), `paused`
 * (the engine refused a call).
 */
export type LimitReason = 'paced' | 'no-capacity' | 'paused';

/** The outcome of a call that had a permit. */
export interface CallReport {
  /** Tokens counted by the engine; `undefined`: as estimated. */
  readonly tokens: number | undefined;
  /** Rate limits reported by the engine. */
  readonly limits: EngineLimits | undefined;
  /** Set if the engine refused the call because of its rate limit. */
  readonly refused: { readonly retryAfterMs: number | undefined } | undefined;
  /** Whether the engine accepted the call, whatever its result. */
  readonly isAnswered?: boolean | undefined;
}

/** The capacity acquired for one call. */
export interface Permit {
  /**
   * Releases the permit and reports the outcome of the call, without waiting for the store.
   *
   * @returns the pause of all calls in milliseconds if the engine refused this one, otherwise 0
   */
  release(report: CallReport): number;
}

export type Grant =
  | { readonly status: 'granted'; readonly permit: Permit }
  | { readonly status: 'refused'; readonly reason: LimitReason; readonly retryAfterMs: number };

/** The rate limit of one endpoint and key, shared by all workers. */
export interface RateLimiter {
  /** Whether there is a token limit. */
  readonly countsTokens: boolean;
  /** Whether a call was refused capacity recently; if so, waiting is worthwhile to save a request. */
  readonly isSaturated: boolean;
  /** Acquires capacity for one call, or returns when there may be some. Never rejects. */
  acquire(request: CapacityRequest): Promise<Grant>;
}

/** Finals of a session with full priority; those behind them share capacity like partials. */
const firstFinals = 4;

/**
 * Whether a final is behind so many others of its session that it has no priority over other sessions, as after pasting a
 * whole speech.
 */
export function hasBacklog({
  kind,
  backlogPosition = 0,
}: Pick<TranslationRequest, 'kind' | 'backlogPosition'>): boolean {
  return kind === 'final' && backlogPosition >= firstFinals;
}
