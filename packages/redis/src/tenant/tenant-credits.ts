import type { RedisConnection } from '../connection/redis-connection.ts';
import { creditsKey } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** What every session has reserved: enough for the finals that are usually outstanding while somebody speaks. */
export const minCreditBytes = 32 * 1024;
/** Reservations grow in steps, so that few finals need one. */
export const creditStepBytes = 64 * 1024;

/** How long a reservation counts without a report. Workers report every session at least every 30 s; all of them may be down. */
const leaseMs = 3_600_000;
/** How long a reservation may be larger than the credit that the session has. A final follows its reservation at once. */
const unusedMs = 10_000;

/**
 * The bytes that the sessions of a tenant may have outstanding. A session reserves its share (its _credit_) before it accepts more
 * than that, and accepts finals within its credit without asking. So neither several edges nor several sessions exceed the quota of
 * the tenant, whose key may be on another node than those of the session.
 */
export class TenantCredits {
  readonly #reserve: Script;
  readonly #report: Script;

  constructor(redis: RedisConnection) {
    this.#reserve = defineScript(redis, 'parleyCreditReserve', new URL('reserve.lua', import.meta.url));
    this.#report = defineScript(redis, 'parleyCreditReport', new URL('report.lua', import.meta.url));
  }

  /**
   * Reserves bytes for a session.
   *
   * @param bytes what the session needs altogether, not in addition
   * @param maxBytes the quota of the tenant
   */
  async reserve(tenant: string, sessionId: string, bytes: number, maxBytes: number): Promise<'reserved' | 'full'> {
    const [status] = asStrings(await this.#reserve([creditsKey(tenant)], [sessionId, bytes, maxBytes, leaseMs]));
    return asStatus(status, ['reserved', 'full']);
  }

  /** Renews a reservation with the credit of the session; 0 ends it. */
  async report(tenant: string, sessionId: string, creditBytes: number): Promise<void> {
    asStrings(await this.#report([creditsKey(tenant)], [sessionId, creditBytes, leaseMs, unusedMs]));
  }
}
