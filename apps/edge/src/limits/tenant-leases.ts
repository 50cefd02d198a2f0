import { RedisAwayError } from '@parley/redis/connection';
import { tenantLeaseMs, type TenantMemberKind, type TenantStore } from '@parley/redis/tenant';
import type { TenantSettings } from '@parley/redis/tenant-settings';
import type { Logger } from '@parley/telemetry';

export interface TenantLeasesOptions {
  readonly store: TenantStore;
  /** 0 means unlimited. */
  readonly maxSessions: number;
  /** Of clients with a key or a token to speak. */
  readonly maxSockets: number;
  /** Of clients that may only listen, of a tenant and of a session. */
  readonly maxListeners: number;
  readonly maxSeats: number;
  /** The settings of a tenant, whose limits replace those above. */
  readonly settingsOf?: (tenant: string) => TenantSettings;
  readonly isRedisReady: () => boolean;
  readonly logger: Logger;
  readonly renewEveryMs?: number;
}

/**
 * The sessions and sockets of this edge, counted per tenant under leases that one timer renews. If the edge is
 * killed, they stop counting when their leases expire.
 */
export class TenantLeases implements AsyncDisposable {
  readonly sessions: TenantMembers;
  readonly sockets: TenantMembers;
  /** Sockets of clients that may only listen, which are counted apart, so that they never lock their host out. */
  readonly listeners: TenantMembers;
  /** The same by session instead of by tenant. */
  readonly seats: TenantMembers;
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<void> | undefined;

  constructor({
    maxSessions,
    maxSockets,
    maxListeners,
    maxSeats,
    settingsOf = () => ({}),
    renewEveryMs = tenantLeaseMs / 3,
    ...shared
  }: TenantLeasesOptions) {
    const members = (kind: TenantMemberKind, limitOf: (tenant: string) => number): TenantMembers =>
      new TenantMembers({ ...shared, kind, limitOf });
    this.sessions = members('sessions', (tenant) => settingsOf(tenant).maxSessions ?? maxSessions);
    this.sockets = members('sockets', (tenant) => settingsOf(tenant).maxSockets ?? maxSockets);
    this.listeners = members('listeners', (tenant) => settingsOf(tenant).maxListeners ?? maxListeners);
    this.seats = members('seats', () => maxSeats);
    this.#timer = setInterval(() => this.renew(), renewEveryMs);
  }

  /** Renews all leases now; after a change of limits, this counts members of tenants that had none. */
  renew(): void {
    this.#renewing ??= this.#renew();
  }

  async #renew(): Promise<void> {
    const { sessions, sockets, listeners, seats } = this;
    await Promise.all([sessions, sockets, listeners, seats].map((members) => members.renew()));
    this.#renewing = undefined;
  }

  /** Stops renewing; remaining members count until their leases expire. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
  }
}

interface TenantMembersOptions {
  readonly kind: TenantMemberKind;
  readonly store: TenantStore;
  /** Maximum number of a tenant over all edges; 0 means unlimited, and nothing is counted. */
  readonly limitOf: (tenant: string) => number;
  readonly isRedisReady: () => boolean;
  readonly logger: Logger;
}

/**
 * The sessions or the sockets of this edge that count for their tenants. While Redis is unavailable everything is
 * admitted, and counted once it is back. Errors are logged; no method rejects.
 */
class TenantMembers {
  readonly #options: TenantMembersOptions;
  readonly #members = new Map<string, Set<string>>();
  #failing = false;

  constructor(options: TenantMembersOptions) {
    this.#options = options;
  }

  /** Counts a member and renews its lease from now on, unless its tenant has reached the limit. */
  async enter(tenant: string, member: string): Promise<'entered' | 'full'> {
    const { kind, store, limitOf } = this.#options;
    const status = await this.#try(tenant, () => store.enter(kind, tenant, member, limitOf(tenant)));
    if (status === 'full') return 'full';
    this.keep(tenant, member);
    return 'entered';
  }

  /**
   * Renews the lease of a member that another edge has admitted, regardless of the limit: a session that is
   * resumed here.
   */
  keep(tenant: string, member: string): void {
    const members = this.#members.get(tenant);
    if (members === undefined) this.#members.set(tenant, new Set([member]));
    else members.add(member);
  }

  /** Stops renewing the lease; unless another edge renews it, the member counts until the lease expires. */
  stopRenewing(tenant: string, member: string): void {
    const members = this.#members.get(tenant);
    members?.delete(member);
    if (members?.size === 0) this.#members.delete(tenant);
  }

  /** Removes a member that has ended. */
  async leave(tenant: string, member: string): Promise<void> {
    this.stopRenewing(tenant, member);
    const { kind, store } = this.#options;
    await this.#try(tenant, () => store.leave(kind, tenant, member));
  }

  /** Renews the leases of all members. */
  async renew(): Promise<void> {
    const { kind, store } = this.#options;
    await Promise.all(
      Array.from(this.#members, ([tenant, members]) =>
        this.#try(tenant, () => store.renew(kind, tenant, [...members])),
      ),
    );
  }

  /**
   * Returns `undefined` if nothing is counted or Redis is unavailable; only the first of consecutive errors is
   * logged.
   */
  async #try<Result>(tenant: string, ask: () => Promise<Result>): Promise<Result | undefined> {
    const { kind, limitOf, isRedisReady, logger } = this.#options;
    if (limitOf(tenant) === 0) return undefined;
    try {
      if (!isRedisReady()) throw new RedisAwayError();
      const result = await ask();
      this.#failing = false;
      return result;
    } catch (error) {
      if (!this.#failing) logger.warn({ err: error, kind }, 'counting sessions and sockets of tenants failed');
      this.#failing = true;
      return undefined;
    }
  }
}
