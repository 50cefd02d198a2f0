import type { JoinCodeChange } from '@parley/protocol';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** A join code and its hash, to be used if a new one is needed. */
export interface NewCode {
  readonly joinCode: string;
  readonly joinCodeHash: string;
}

export type CodeChangeResult =
  | {
      readonly status: 'updated';
      readonly joinCode: string;
      readonly joinCodeHash: string;
      readonly isOpen: boolean;
      /** The room that the session was started in. */
      readonly room: string | undefined;
    }
  | { readonly status: 'gone' | 'fenced' | 'owner-lost' | 'ending' };

/** A join code, and whether listeners can join by it. */
export interface KnownCode extends NewCode {
  readonly isOpen: boolean;
}

export type CodeRestoreResult =
  | { readonly status: 'restored'; readonly room: string | undefined }
  | { readonly status: 'released' | 'gone' | 'fenced' | 'owner-lost' };

/** The join code that a session has. It decides who may join: what else leads to the session by a code is only a pointer. */
export class SessionCode {
  readonly #change: Script;
  readonly #release: Script;
  readonly #restore: Script;

  constructor(redis: RedisConnection) {
    this.#change = defineScript(redis, 'parleySessionChangeCode', new URL('change-code.lua', import.meta.url));
    this.#release = defineScript(redis, 'parleySessionReleaseCode', new URL('release-code.lua', import.meta.url));
    this.#restore = defineScript(redis, 'parleySessionRestoreCode', new URL('restore-code.lua', import.meta.url));
  }

  /** Changes, closes or opens the code at the request of the session's owner, and tells the edges. */
  async change(
    sessionId: string,
    connection: string,
    change: JoinCodeChange,
    { joinCode: newCode, joinCodeHash: newHash }: NewCode,
  ): Promise<CodeChangeResult> {
    const keys = sessionKeys(sessionId);
    const [rawStatus, joinCode = '', joinCodeHash = '', open, room = ''] = asStrings(
      await this.#change([keys.session, keys.channel], [connection, change, newCode, newHash]),
    );
    const status = asStatus(rawStatus, ['updated', 'gone', 'fenced', 'owner-lost', 'ending']);
    if (status !== 'updated') return { status };
    return { status, joinCode, joinCodeHash, isOpen: open === '1', room: room === '' ? undefined : room };
  }

  /**
   * Gives the session the code that its owner was told last, in case Redis has lost it; otherwise nothing changes. `released`: a
   * newer session of its room has the code.
   */
  async restore(
    sessionId: string,
    connection: string,
    { joinCode, joinCodeHash, isOpen }: KnownCode,
  ): Promise<CodeRestoreResult> {
    const keys = sessionKeys(sessionId);
    const args = [connection, joinCode, joinCodeHash, isOpen ? 1 : 0];
    const [rawStatus, room = ''] = asStrings(await this.#restore([keys.session, keys.channel], args));
    const status = asStatus(rawStatus, ['restored', 'released', 'gone', 'fenced', 'owner-lost']);
    return status === 'restored' ? { status, room: room === '' ? undefined : room } : { status };
  }

  /** Takes the code from a session whose room a newer one has taken; its listeners have to join again. */
  async release(sessionId: string, codeHash: string): Promise<void> {
    const keys = sessionKeys(sessionId);
    await this.#release([keys.session, keys.channel], [codeHash]);
  }
}
