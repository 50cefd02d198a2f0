import type { Redis } from 'ioredis';
import { outstandingFinals, type OutstandingFinal } from '../pending/outstanding-final.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';
import { parseSessionSettings, type SessionSettings } from './session-record.ts';
import { ownerLeaseMs } from './session-store.ts';

export interface ResumeSession {
  readonly sessionId: string;
  readonly connection: string;
  readonly tokenHash: string;
  /** Since when the connection has owned the session: given where its edge vouches for it, so that any token will do. */
  readonly ownedSince?: string | undefined;
  readonly nextTokenHash: string;
  /** The last offset that the client has seen. */
  readonly offset: number;
  /** Finals that the client keeps because not every target has come; `undefined` where it doesn't tell. */
  readonly held: readonly number[] | undefined;
}

export type ResumeResult =
  | {
      status: 'resumed';
      head: number;
      ownedSince: string;
      /** Whether the log still reaches back to the client's offset. */
      recovered: boolean;
      settings: SessionSettings;
      ending: boolean;
      accepted: number[];
      missing: number[];
      /** What of the accepted ones must stand in the lane. */
      outstanding: OutstandingFinal[];
    }
  | { status: 'gone' | 'wrong-token' | 'fenced' };

/** Gives sessions to new connections: the newest wins, every other is fenced off from then on. */
export class Resumption {
  readonly #resume: Script;

  constructor(redis: Redis) {
    this.#resume = defineScript(redis, 'parleySessionResume', new URL('resume.lua', import.meta.url));
  }

  async resume(request: ResumeSession): Promise<ResumeResult> {
    const keys = sessionKeys(request.sessionId);
    const { held = [] } = request;
    const [word, head, ownedSince = '', trimmedTo, options = '', state, count, ...rest] = asStrings(
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
          ...held,
        ],
      ),
    );
    const status = asStatus(word, ['resumed', 'gone', 'wrong-token', 'fenced']);
    if (status !== 'resumed') return { status };
    const isAccepted = (_segment: number, index: number): boolean => rest[index] === '1';
    return {
      status,
      head: Number(head),
      ownedSince,
      recovered: request.offset >= Number(trimmedTo),
      settings: parseSessionSettings(options),
      ending: state !== 'live',
      accepted: held.filter(isAccepted),
      missing: held.filter((segment, index) => !isAccepted(segment, index)),
      outstanding: outstandingFinals(rest.slice(Number(count))),
    };
  }
}
