import { tenantLeaseMs, type TenantMemberKind, type TenantStore } from '@parley/redis/tenant';
import type { Logger } from '@parley/telemetry';

export interface TenantLeasesOptions {
  readonly store: TenantStore;
  /** 0: any number. */
  readonly maxSessions: number;
  readonly maxSockets: number;
  readonly isRedisReady: () => boolean;
  readonly logger: Logger;
  readonly renewEveryMs?: number;
}

/** What this edge serves for each tenant, under leases that one timer renews: a killed edge leaves nothing behind. */
export class TenantLeases implements AsyncDisposable {
  readonly sessions: TenantMembers;
  readonly sockets: TenantMembers;
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<void> | undefined;

  constructor({ maxSessions, maxSockets, renewEveryMs = tenantLeaseMs / 3, ...shared }: TenantLeasesOptions) {
    this.sessions = new TenantMembers({ ...shared, kind: 'sessions', limit: maxSessions });
    this.sockets = new TenantMembers({ ...shared, kind: 'sockets', limit: maxSockets });
    this.#timer = setInterval(() => {
      this.#renewing ??= this.#renew();
    }, renewEveryMs);
  }

  async #renew(): Promise<void> {
    await Promise.all([this.sessions.renew(), this.sockets.renew()]);
    this.#renewing = undefined;
  }

  /** Renews no more. What is still kept stops to count when its lease lapses. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
  }
}

interface TenantMembersOptions {
  readonly kind: TenantMemberKind;
  readonly store: TenantStore;
  /** How many a tenant may have over all edges; 0: any number, and nothing is counted. */
  readonly limit: number;
  readonly isRedisReady: () => boolean;
  readonly logger: Logger;
}

/**
 * The sessions, or the sockets, of this edge that count for their tenants. While Redis is away everybody is let in, and
 * counted once it is back. Nothing here rejects: what goes wrong is logged.
 */
class TenantMembers {
  readonly #options: TenantMembersOptions;
  readonly #kept = new Map<string, Set<string>>();
  #failing = false;

  constructor(options: TenantMembersOptions) {
    this.#options = options;
  }

  /** Counts a member in and keeps it counted, unless its tenant has as many as it may have. */
  async enter(tenant: string, member: string): Promise<'entered' | 'full'> {
    const { kind, store, limit } = this.#options;
    const status = await this.#try(() => store.enter(kind, tenant, member, limit));
    if (status === 'full') return 'full';
    this.keep(tenant, member);
    return 'entered';
  }

  /** Keeps a member counted that another edge has let in, whatever the limit: a session that is resumed here. */
  keep(tenant: string, member: string): void {
    if (this.#options.limit === 0) return;
    const members = this.#kept.get(tenant);
    if (members === undefined) this.#kept.set(tenant, new Set([member]));
    else members.add(member);
  }

  /** Keeps it no longer: unless another edge does, it stops to count when its lease lapses. */
  letGo(tenant: string, member: string): void {
    const members = this.#kept.get(tenant);
    members?.delete(member);
    if (members?.size === 0) this.#kept.delete(tenant);
  }

  /** Counts it out at once: it is over. */
  async leave(tenant: string, member: string): Promise<void> {
    this.letGo(tenant, member);
    const { kind, store } = this.#options;
    await this.#try(() => store.leave(kind, tenant, member));
  }

  /** Renews the lease of every member that is kept. */
  async renew(): Promise<void> {
    const { kind, store } = this.#options;
    await Promise.all(
      Array.from(this.#kept, ([tenant, members]) => this.#try(() => store.renew(kind, tenant, [...members]))),
    );
  }

  /** `undefined` where nothing is counted or Redis doesn't answer; a trouble is logged when it begins. */
  async #try<Result>(ask: () => Promise<Result>): Promise<Result | undefined> {
    const { kind, limit, isRedisReady, logger } = this.#options;
    if (limit === 0) return undefined;
    try {
      if (!isRedisReady()) throw new Error('Redis is away');
      const result = await ask();
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing) logger.warn({ err: error, kind }, 'tenants are not counted at the moment');
      this.#failing = true;
      return undefined;
    }
  }
}
