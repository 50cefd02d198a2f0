import type { RedisConnection } from '../connection/redis-connection.ts';
import { sessionKeys } from '../script/keys.ts';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** How long a member counts without renewal; members of a killed edge expire after this time. */
export const tenantLeaseMs = 15_000;
/** Members renewed per call, since a script blocks Redis while it runs. */
const maxPerRenewal = 1000;

/** `seats` are the listeners of a session, for which a session takes the place of the tenant. */
export type TenantMemberKind = 'sessions' | 'sockets' | 'listeners' | 'seats';

/** Counts the sessions and sockets of each tenant over all edges, each under a lease. */
export class TenantStore {
  readonly #redis: RedisConnection;
  readonly #enter: Script;
  readonly #renew: Script;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
    this.#enter = defineScript(redis, 'parleyTenantEnter', new URL('enter.lua', import.meta.url));
    this.#renew = defineScript(redis, 'parleyTenantRenew', new URL('renew.lua', import.meta.url));
  }

  /** Adds a member for the time of a lease, unless `limit` others are counted already. */
  async enter(kind: TenantMemberKind, tenant: string, member: string, limit: number): Promise<'entered' | 'full'> {
    const [status] = asStrings(await this.#enter([key(kind, tenant)], [member, limit, tenantLeaseMs]));
    return asStatus(status, ['entered', 'full']);
  }

  /** Renews the leases of members, even if they have expired. */
  async renew(kind: TenantMemberKind, tenant: string, members: readonly string[]): Promise<void> {
    const calls: Promise<unknown>[] = [];
    for (let from = 0; from < members.length; from += maxPerRenewal) {
      const batch = members.slice(from, from + maxPerRenewal);
      calls.push(this.#renew([key(kind, tenant)], [tenantLeaseMs, ...batch]));
    }
    await Promise.all(calls);
  }

  /** Removes a member. */
  async leave(kind: TenantMemberKind, tenant: string, member: string): Promise<void> {
    await this.#redis.zrem(key(kind, tenant), member);
  }
}

/** The keys that count the members of a tenant. */
export function tenantMemberKeys(tenant: string): string[] {
  return (['sessions', 'sockets', 'listeners'] as const).map((kind) => key(kind, tenant));
}

function key(kind: TenantMemberKind, tenant: string): string {
  return kind === 'seats' ? sessionKeys(tenant).seats : `tenant:${tenant}:${kind}`;
}
