import { setTimeout as delay } from 'node:timers/promises';
import type { RedisConnection } from '../connection/redis-connection.ts';
import { eraseCached } from '../cache/erase-cached.ts';
import { ApiKeyStore } from '../api-key/api-key-store.ts';
import { SessionSchedule } from '../schedule/session-schedule.ts';
import { creditsKey, directoryKey, roomsKey, transcriptsKey } from '../script/keys.ts';
import { SessionDirectory } from '../session/session-directory.ts';
import { SessionErasure } from '../session/session-erasure.ts';
import { tenantMemberKeys } from '../tenant/tenant-store.ts';
import { TenantSettingsStore } from '../tenant-settings/tenant-settings-store.ts';
import { UsageStore } from '../usage/usage-store.ts';
import { deleteSessionKeys, findTenantKeys } from './tenant-keys.ts';

/** How long workers may take to write the usage of a session that is closed. */
const usageWrittenWithinMs = 100;
/** Edges and workers write what they have counted once a second. */
const defaultSettleMs = 3000;

/** What was erased. */
export interface ErasedTenant {
  readonly keys: number;
  /** Keys that can't be read, and were not revoked: some may be the tenant's. */
  readonly unreadableKeyIds: readonly string[];
  readonly sessions: number;
  readonly transcripts: number;
}

/** Erases all that Redis has of a tenant, at the request of the operator. */
export class TenantErasure {
  readonly #redis: RedisConnection;
  readonly #keys: ApiKeyStore;
  readonly #directory: SessionDirectory;
  readonly #erasure: SessionErasure;
  readonly #schedule: SessionSchedule;
  readonly #settleMs: number;

  /** @param settleMs how long edges and workers get to write what they still have of the tenant */
  constructor(redis: RedisConnection, { settleMs = defaultSettleMs }: { readonly settleMs?: number } = {}) {
    this.#redis = redis;
    this.#keys = new ApiKeyStore(redis);
    this.#directory = new SessionDirectory(redis);
    this.#erasure = new SessionErasure(redis);
    this.#schedule = new SessionSchedule(redis);
    this.#settleMs = settleMs;
  }

  /**
   * Revokes the keys of a tenant, ends its sessions, and erases its transcripts, rooms, join codes, usage and settings. May be
   * repeated, also after a failure. For a minute, what remains of a session is that it has ended.
   *
   * @throws any error of Redis
   */
  async erase(tenant: string): Promise<ErasedTenant> {
    // First, so that nothing new is started.
    const { keys, unreadableIds } = await this.#keys.list(tenant);
    for (const { id } of keys) await this.#keys.revoke(id);
    const { sessionIds, transcriptIds } = await findTenantKeys(this.#redis, tenant);
    let sessions = 0;
    for (const sessionId of sessionIds) if (await this.#endSession(sessionId)) sessions += 1;
    await delay(this.#settleMs);
    const { codeKeys, ...rest } = await findTenantKeys(this.#redis, tenant);
    // Of sessions that have begun since then, too.
    for (const sessionId of rest.sessionIds) if (await this.#endSession(sessionId)) sessions += 1;
    for (const sessionId of new Set([...transcriptIds, ...rest.transcriptIds])) await this.#eraseForgotten(sessionId);
    const allIds = [sessionIds, transcriptIds, rest.sessionIds, rest.transcriptIds].flatMap((ids) => [...ids]);
    await deleteSessionKeys(this.#redis, new Set(allIds));
    // If this is the cache's Redis, too.
    await eraseCached(this.#redis, tenant);
    const ownKeys = [directoryKey, roomsKey, creditsKey, transcriptsKey].map((keyOf) => keyOf(tenant));
    await Promise.all([...codeKeys, ...ownKeys, ...tenantMemberKeys(tenant)].map((key) => this.#redis.del(key)));
    await new UsageStore(this.#redis).erase(tenant, Date.now());
    await new TenantSettingsStore(this.#redis).write(tenant, {});
    const transcripts = new Set([...transcriptIds, ...rest.transcriptIds]).size;
    return { keys: keys.length, unreadableKeyIds: unreadableIds, sessions, transcripts };
  }

  async #eraseForgotten(sessionId: string): Promise<void> {
    await this.#erasure.eraseForgotten(sessionId);
    await this.#schedule.schedule(sessionId, 0);
  }

  /** @returns whether it had not been erased before */
  async #endSession(sessionId: string): Promise<boolean> {
    const session = await this.#directory.describe(sessionId);
    if (session === undefined) return false;
    if (session.state !== 'ended' && (await this.#erasure.close(sessionId)) === 'closed') {
      await delay(usageWrittenWithinMs);
    }
    const status = await this.#erasure.erase(sessionId, session);
    // Workers report the end.
    await this.#schedule.schedule(sessionId, 0);
    return status === 'erased';
  }
}
