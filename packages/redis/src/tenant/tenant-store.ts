import type { Redis } from 'ioredis';
import { asStatus, asStrings } from '../script/reply.ts';
import { defineScript, type Script } from '../script/script.ts';

/** How long a member counts without being renewed: what a killed edge leaves behind is gone by then. */
export const tenantLeaseMs = 15_000;
/** Members renewed in one call: a script holds Redis up while it runs. */
const renewedAtOnce = 1000;

/** What is counted for a tenant. */
export type TenantMemberKind = 'sessions' | 'sockets';

/** How many sessions and sockets each tenant has, over all edges: every one of them is under a lease. */
export class TenantStore {
  readonly #redis: Redis;
  readonly #enter: Script;
  readonly #renew: Script;

  constructor(redis: Redis) {
    this.#redis = redis;
    this.#enter = defineScript(redis, 'parleyTenantEnter', new URL('enter.lua', import.meta.url));
    this.#renew = defineScript(redis, 'parleyTenantRenew', new URL('renew.lua', import.meta.url));
  }

  /** Counts a member in for the time of a lease, unless `limit` others are in. */
  async enter(kind: TenantMemberKind, tenant: string, member: string, limit: number): Promise<'entered' | 'full'> {
    const [status] = asStrings(await this.#enter([key(kind, tenant)], [member, limit, tenantLeaseMs]));
    return asStatus(status, ['entered', 'full']);
  }

  /** Gives members a further lease, whether they are still in or not. */
  async renew(kind: TenantMemberKind, tenant: string, members: readonly string[]): Promise<void> {
    const calls: Promise<unknown>[] = [];
    for (let from = 0; from < members.length; from += renewedAtOnce) {
      const some = members.slice(from, from + renewedAtOnce);
      calls.push(this.#renew([key(kind, tenant)], [tenantLeaseMs, ...some]));
    }
    await Promise.all(calls);
  }

  /** Counts a member out at once. */
  async leave(kind: TenantMemberKind, tenant: string, member: string): Promise<void> {
    await this.#redis.zrem(key(kind, tenant), member);
  }
}

function key(kind: TenantMemberKind, tenant: string): string {
  return `tenant:${tenant}:${kind}`;
}
