import type { EngineLimits, TranslationRequest } from '../engine/engine.ts';

/** A call that asks for capacity under an engine's rate limit. */
export interface CapacityRequest {
  /** Finals go first. One behind many others of its session asks as a partial does: see `hasBacklog`. */
  readonly kind: 'partial' | 'final';
  /** Partials of one session share what is left of the capacity with those of the others, evenly a session. */
  readonly session: string | undefined;
  /** What it counts as under a limit of tokens, as far as that is known before it is made. */
  readonly tokens: number;
}

/**
 * Why there is no capacity: `paced` (it isn't this session's turn), `no-room` (the allowance of the moment is used up),
 * `paused` (the engine has refused a call, and said for how long).
 */
export type LimitReason = 'paced' | 'no-room' | 'paused';

/** How a call that had capacity ended. */
export interface CallReport {
  /** What it counted as in truth; `undefined`: as was thought. */
  readonly tokens: number | undefined;
  /** What the engine said of its limits. */
  readonly limits: EngineLimits | undefined;
  /** The engine refused it for its rate; `retryAfterMs` as it said. */
  readonly refused: { readonly retryAfterMs: number | undefined } | undefined;
  /** The engine took it, whatever came of it then. */
  readonly isAnswered?: boolean | undefined;
}

/** The capacity that one call was given. */
export interface Permit {
  /**
   * Ends the call's use of the capacity and says what became of it; nobody waits for what becomes of that.
   *
   * @returns for how long nobody may call, in ms, where the engine refused it
   */
  release(report: CallReport): number;
}

export type Grant =
  | { readonly status: 'granted'; readonly permit: Permit }
  | { readonly status: 'refused'; readonly reason: LimitReason; readonly retryAfterMs: number };

/** The rate limit of one endpoint and key, which all workers share. */
export interface RateLimiter {
  /** Whether the tokens of a call matter. */
  readonly countsTokens: boolean;
  /** Whether a call was refused capacity just now: then a request saved is worth a wait. */
  readonly isSaturated: boolean;
  /** Acquires capacity for one call, or says when there may be some. Never rejects. */
  acquire(request: CapacityRequest): Promise<Grant>;
}

/** So many finals of a session may use the whole capacity at once. */
const firstFinals = 4;

/**
 * Whether a final has too many of its own session before it to go before everybody else: a session that has pasted a
 * whole speech gets its even share, as with partials, and no more while others speak.
 */
export function hasBacklog({
  kind,
  backlogPosition = 0,
}: Pick<TranslationRequest, 'kind' | 'backlogPosition'>): boolean {
  return kind === 'final' && backlogPosition >= firstFinals;
}
