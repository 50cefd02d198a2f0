import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { audienceArguments, nobody, parseAudience, type Audience } from './audience.ts';
import { parsePauseState, type PauseState } from './pause-state.ts';
import { parseSessionSettings, type SessionSettings } from './session-record.ts';
import { ownerLeaseMs } from './session-store.ts';

/**
 * The lease of a requested language: more than the 15 s after which an edge notices a dead connection to Redis. It is also how
 * long a listener that has lost its socket may take to reconnect without missing finals in a language of its own.
 */
export const languageLeaseMs = 30_000;

/** The clients of a session that are connected to one edge. */
export interface Attendance {
  readonly sessionId: string;
  /** The fencing token of the owner, if it is connected to this edge. */
  readonly owner: string | undefined;
  readonly edge: string;
  /** The listeners on this edge, who count for 15 s. */
  readonly audience?: Audience;
  /** Languages requested by listeners on this edge. */
  readonly languages: readonly string[];
  /** Languages that no listener on this edge requests any more, and none that was cut off may come back for. */
  readonly givenUp?: readonly string[];
}

export type PresenceResult =
  | {
      /** `fenced`: a newer connection owns the session; `owner-lost`: Redis has lost that this one does. */
      status: 'here' | 'fenced' | 'owner-lost';
      head: number;
      trimmedTo: number;
      ended: boolean;
      settings: SessionSettings;
      /** Languages requested by all listeners; `=` is the transcript itself. */
      listenerTargets: readonly string[];
      pause: PauseState;
      /** The listeners on all edges, if the owner is connected to this edge. */
      audience: Audience | undefined;
      /** The hash of the code by which listeners can join; '' if they can't. */
      openCodeHash: string;
      /** The hash of the session's code, even while it is closed; '' if it has none. */
      codeHash: string;
    }
  | { status: 'gone' };

/** Leases of the edges on their sessions, which expire if an edge is killed. */
export class Presence {
  readonly #renew: Script;

  constructor(redis: RedisConnection) {
    this.#renew = defineScript(redis, 'parleySessionRenew', new URL('renew.lua', import.meta.url));
  }

  /** Renews the leases of an edge and returns the state of the session and its log. */
  async renewLease({
    sessionId,
    owner,
    edge,
    audience = nobody,
    languages,
    givenUp = [],
  }: Attendance): Promise<PresenceResult> {
    const keys = sessionKeys(sessionId);
    const [
      rawStatus,
      head,
      state,
      listenerTargets = '',
      options = '',
      trimmedTo,
      openCodeHash = '',
      codeHash = '',
      paused,
      pauseNumber,
      ...heard
    ] = asStrings(
      await this.#renew(
        [keys.session, keys.wanted, keys.channel, keys.audience],
        [
          owner ?? '',
          edge,
          ownerLeaseMs,
          languageLeaseMs,
          ...audienceArguments(audience),
          languages.length,
          ...languages,
          ...givenUp,
        ],
      ),
    );
    const status = asStatus(rawStatus, ['here', 'fenced', 'owner-lost', 'gone']);
    if (status === 'gone') return { status };
    return {
      status,
      head: Number(head),
      trimmedTo: Number(trimmedTo),
      ended: state === 'ended',
      settings: parseSessionSettings(options),
      listenerTargets: commaSeparated(listenerTargets),
      pause: parsePauseState(paused, pauseNumber),
      audience: owner === undefined ? undefined : parseAudience(heard[0], heard[1]),
      openCodeHash,
      codeHash,
    };
  }
}
