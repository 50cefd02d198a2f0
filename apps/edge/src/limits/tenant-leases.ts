import { tenantLeaseMs, type TenantStore } from '@parley/state';
import type { Logger } from '@parley/telemetry';
import { TenantMembers } from './tenant-members.ts';

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
