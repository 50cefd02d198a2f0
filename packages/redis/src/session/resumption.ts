import type { RedisConnection } from '../connection/redis-connection.ts';
import { outstandingFinals, type OutstandingFinal } from '../pending/outstanding-final.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parsePauseState, type PauseState } from './pause-state.ts';
import { parseSessionSettings, type SessionSettings } from './session-record.ts';
import { ownerLeaseMs } from './session-store.ts';

/** Finals whose jobs are read at a time, since a script blocks Redis while it runs. */
const finalsPerPage = 64;
/** Jobs that a resume looks at. Of more, inspections of the session take care, as they do anyway. */
const maxOutstanding = 256;

export interface ResumeSession {
  readonly sessionId: string;
  readonly tenant: string;
  readonly connection: string;
  readonly tokenHash: string;
  /** Since when the connection has owned the session, if its edge vouches for it; the token is then not checked. */
  readonly ownedSince?: string | undefined;
  readonly nextTokenHash: string;
  readonly offset: number;
  /** Finals that the client keeps because results are missing; `undefined` if it doesn't report them. */
  readonly held: readonly number[] | undefined;
}

export type ResumeResult =
  | {
      status: 'resumed';
      head: number;
      ownedSince: string;
      /** Whether the log still contains all entries after the client's offset. */
      recovered: boolean;
      settings: SessionSettings;
      ending: boolean;
      pause: PauseState;
      accepted: number[];
      missing: number[];
      /** Outstanding targets of the first accepted finals; their jobs must be queued. */
      outstanding: OutstandingFinal[];
    }
  | { status: 'gone' | 'wrong-token' | 'fenced' };

/** Transfers sessions to new connections: the newest one wins, older ones are fenced. */
export class Resumption {
  readonly #resume: Script;
  readonly #heldJobs: Script;

  constructor(redis: RedisConnection) {
    this.#resume = defineScript(redis, 'parleySessionResume', new URL('resume.lua', import.meta.url));
    this.#heldJobs = defineScript(redis, 'parleySessionHeldJobs', new URL('held-jobs.lua', import.meta.url));
  }

  async resume(request: ResumeSession): Promise<ResumeResult> {
    const keys = sessionKeys(request.sessionId);
    const { held = [] } = request;
    const [rawStatus, head, ownedSince = '', trimmedTo, options = '', state, paused, pauseNumber, ...marks] = asStrings(
      await this.#resume(
        [keys.session, keys.segments, keys.pending, keys.channel, keys.log],
        [
          request.connection,
          request.tokenHash,
          request.ownedSince ?? '',
          request.nextTokenHash,
          ownerLeaseMs,
          request.offset,
          request.held === undefined ? '' : '1',
          request.tenant,
          ...held,
        ],
      ),
    );
    const status = asStatus(rawStatus, ['resumed', 'gone', 'wrong-token', 'fenced']);
    if (status !== 'resumed') return { status };
    const isAccepted = (_segment: number, index: number): boolean => marks[index] === '1';
    const accepted = held.filter(isAccepted);
    return {
      status,
      head: Number(head),
      ownedSince,
      recovered: request.offset >= Number(trimmedTo),
      settings: parseSessionSettings(options),
      ending: state !== 'live',
      pause: parsePauseState(paused, pauseNumber),
      accepted,
      missing: held.filter((segment, index) => !isAccepted(segment, index)),
      outstanding: await this.#outstandingOf(keys.pending, accepted),
    };
  }

  async #outstandingOf(pendingKey: string, segments: readonly number[]): Promise<OutstandingFinal[]> {
    const found: OutstandingFinal[] = [];
    for (let from = 0; from < segments.length && found.length < maxOutstanding; from += finalsPerPage) {
      const page = segments.slice(from, from + finalsPerPage);
      found.push(...outstandingFinals(asStrings(await this.#heldJobs([pendingKey], page))));
    }
    return found.slice(0, maxOutstanding);
  }
}
