import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys, transcriptsKey } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

export interface EndedTranscript {
  readonly tenant: string;
  readonly sessionId: string;
  readonly bytes: number;
  readonly retentionMs: number;
  /** What the transcripts of all ended sessions of the tenant may have together. */
  readonly maxTenantBytes: number;
}

/** Bounds the transcripts of a tenant's ended sessions. */
export class EndedTranscripts {
  readonly #redis: RedisConnection;
  readonly #count: Script;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#count = defineScript(redis, 'parleyTranscriptCount', new URL('count-ended.lua', import.meta.url));
  }

  /** Counts the transcript of a session that has ended; removes those that ended first if its tenant has too much. */
  async add({ tenant, sessionId, bytes, retentionMs, maxTenantBytes }: EndedTranscript): Promise<void> {
    const [status, ...removed] = asStrings(
      await this.#count([transcriptsKey(tenant)], [sessionId, bytes, retentionMs, maxTenantBytes]),
    );
    asStatus(status, ['counted']);
    await Promise.all(removed.map((ended) => this.#redis.unlink(sessionKeys(ended).transcript)));
  }
}
