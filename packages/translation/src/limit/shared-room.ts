import type { RoomShape } from './bucket-shape.ts';
import type { CallAsk, RoomRefusal } from './rate-limit.ts';

/** What was given away under a limit, in all: it tells how much others were given meanwhile. */
export interface GivenAway {
  readonly requests: number;
  readonly tokens: number;
}

export interface SharedAsk extends CallAsk {
  /** Names the call; nobody else's has the name. */
  readonly call: string;
  readonly shape: RoomShape;
  /** The share of a bucket that only finals may use. */
  readonly reserve: number;
  /** The call is made already, and is only to be counted. */
  readonly isMade: boolean;
}

export interface SharedAnswer {
  readonly status: 'granted' | RoomRefusal;
  /** When there may be room; 0 where there is. */
  readonly retryAfterMs: number;
  /** How full the bucket is that has least, from 0 to 1. */
  readonly fill: number;
  /** The share of the allowance that was not used lately, from 0 to 1. */
  readonly unused: number;
  readonly given: GivenAway;
}

/** A call that has ended, as the others may need to know of it. */
export interface SharedSettlement {
  readonly call: string;
  readonly shape: RoomShape;
  /** Tokens that it counted as, above what was taken for it. */
  readonly moreTokens: number;
  /** What the engine said was left when it took the call, and what was given away and how much time has passed since then. */
  readonly told:
    | {
        readonly remainingRequests: number | undefined;
        readonly remainingTokens: number | undefined;
        readonly given: GivenAway;
        readonly elapsedMs: number;
      }
    | undefined;
  /** How long nobody may call, where the engine refused it. */
  readonly pauseMs: number | undefined;
}

/** The room under an endpoint's limits, kept where all workers can ask. */
export interface SharedRoom {
  /** Whether it can be asked at the moment. */
  readonly isReachable: boolean;
  take(ask: SharedAsk): Promise<SharedAnswer>;
  settle(settlement: SharedSettlement): Promise<void>;
}
