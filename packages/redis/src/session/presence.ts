import type { Redis } from 'ioredis';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings, commaSeparated } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseSessionSettings, type SessionSettings } from './session-record.ts';
import { ownerLeaseMs } from './session-store.ts';

/**
 * How long a language is wanted without being said again. An edge notices after 15 s that its connection to Redis is
 * dead; what its listeners want must still stand then.
 */
export const languageLeaseMs = 30_000;

/** Who of a session is on this edge. */
export interface Attendance {
  readonly sessionId: string;
  /** The mark of the owner, where it is on this edge. */
  readonly owner: string | undefined;
  /** Names the edge. */
  readonly edge: string;
  /** What the listeners on this edge want. */
  readonly languages: readonly string[];
}

export type PresenceResult =
  | {
      /** `fenced`: a newer connection owns the session; `forgotten`: Redis has lost that this one does. */
      status: 'here' | 'fenced' | 'forgotten';
      head: number;
      trimmedTo: number;
      ended: boolean;
      settings: SessionSettings;
      /** Languages that listeners want; `=` is the transcript itself. */
      listenerTargets: readonly string[];
    }
  | { status: 'gone' };

/** What edges say of the sessions that they serve, under a lease: a killed edge is forgotten by itself. */
export class Presence {
  readonly #renew: Script;

  constructor(redis: Redis) {
    this.#renew = defineScript(redis, 'parleySessionRenew', new URL('renew.lua', import.meta.url));
  }

  /** Renews the leases, and tells where the session's log stands. */
  async renewLease({ sessionId, owner, edge, languages }: Attendance): Promise<PresenceResult> {
    const keys = sessionKeys(sessionId);
    const [word, head, state, listeners = '', options = '', trimmedTo] = asStrings(
      await this.#renew(
        [keys.session, keys.wanted, keys.channel],
        [owner ?? '', edge, ownerLeaseMs, languageLeaseMs, ...languages],
      ),
    );
    const status = asStatus(word, ['here', 'fenced', 'forgotten', 'gone']);
    if (status === 'gone') return { status };
    return {
      status,
      head: Number(head),
      trimmedTo: Number(trimmedTo),
      ended: state === 'ended',
      settings: parseSessionSettings(options),
      listenerTargets: commaSeparated(listeners),
    };
  }
}
