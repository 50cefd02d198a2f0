import type { EngineLimits } from '../engine/engine.ts';

/** A call that asks for room under an engine's rate limit. */
export interface CallAsk {
  /** Finals go first. One that stands behind others of its session asks as a partial does: see `standsBehind`. */
  readonly kind: 'partial' | 'final';
  /** Partials of one session share what is left of the room with those of the others, evenly a session. */
  readonly session: string | undefined;
  /** What it counts as under a limit of tokens, as far as that is known before it is made. */
  readonly tokens: number;
}

/**
 * Why there is no room: `paced` (it isn't this session's turn), `no-room` (the allowance of the moment is used up),
 * `paused` (the engine has refused a call, and said for how long).
 */
export type RoomRefusal = 'paced' | 'no-room' | 'paused';

/** How a call that had room ended. */
export interface CallOutcome {
  /** What it counted as in truth; `undefined`: as was thought. */
  readonly tokens: number | undefined;
  /** What the engine said of its limits. */
  readonly limits: EngineLimits | undefined;
  /** The engine refused it for its rate; `retryAfterMs` as it said. */
  readonly refused: { readonly retryAfterMs: number | undefined } | undefined;
  /** The engine took it, whatever came of it then. */
  readonly isAnswered?: boolean | undefined;
}

/** The room that one call was given. */
export interface Permit {
  /**
   * Says how the call ended; nobody waits for what becomes of that.
   *
   * @returns for how long nobody may call, in ms, where the engine refused it
   */
  settle(outcome: CallOutcome): number;
}

export type Grant =
  | { readonly status: 'granted'; readonly permit: Permit }
  | { readonly status: 'refused'; readonly reason: RoomRefusal; readonly retryAfterMs: number };

/** The rate limit of one endpoint and key, which all workers share. */
export interface RateLimit {
  /** Whether the tokens of a call matter. */
  readonly countsTokens: boolean;
  /** Takes room for one call, or says when there may be some. Never rejects. */
  take(ask: CallAsk): Promise<Grant>;
}
