import type { WorkShare } from '@parley/queues';

interface Waiting<Item> {
  readonly item: Item;
  readonly cost: number;
}

/** A tenant or a session: the one whose work has cost least so far is served next. */
interface Share {
  /** The virtual time of its next work; it grows with the cost of its work. */
  nextAt: number;
}

interface SessionShare<Item> extends Share {
  readonly waiting: Set<Waiting<Item>>;
}

interface TenantShare<Item> extends Share {
  readonly sessions: Map<string, SessionShare<Item>>;
  virtualTime: number;
  waiting: number;
}

/**
 * Waiting work, served so that each tenant gets the same share, and each session of a tenant the same part of it. What counts is
 * the cost of the work and not its number of pieces. The work of one session is served in the order in which it was added.
 *
 * This is start-time fair queueing on two levels (P. Goyal, H. M. Vin and H. Cheng, "Start-time fair queueing", SIGCOMM 1996):
 * the one with the earliest virtual time is served, and its time grows by the cost of the work. One that had no work starts at the
 * virtual time of the work served last, so idle time earns no credit. Nothing starves, since all other virtual times grow.
 */
export class FairQueue<Item> {
  readonly #tenants = new Map<string, TenantShare<Item>>();
  #virtualTime = 0;
  #waiting = 0;

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  /** Adds work. @returns removes it if it is still waiting */
  add({ tenant: tenantName, session: sessionName, cost }: WorkShare, item: Item): () => void {
    const tenant = this.#tenants.get(tenantName) ?? newTenant<Item>();
    this.#tenants.set(tenantName, tenant);
    const session: SessionShare<Item> = tenant.sessions.get(sessionName) ?? { nextAt: 0, waiting: new Set() };
    tenant.sessions.set(sessionName, session);
    if (tenant.waiting === 0) tenant.nextAt = Math.max(tenant.nextAt, this.#virtualTime);
    if (session.waiting.size === 0) session.nextAt = Math.max(session.nextAt, tenant.virtualTime);
    const waiting = { item, cost };
    session.waiting.add(waiting);
    tenant.waiting += 1;
    this.#waiting += 1;
    return () => {
      if (session.waiting.delete(waiting)) this.#removed(tenant);
    };
  }

  /** Removes and returns the work to be served next; `undefined` if none is waiting. */
  next(): Item | undefined {
    const tenant = earliest(this.#tenants, ({ waiting }) => waiting > 0, this.#virtualTime);
    const session = tenant && earliest(tenant.sessions, ({ waiting }) => waiting.size > 0, tenant.virtualTime);
    const [first] = session?.waiting ?? [];
    if (tenant === undefined || session === undefined || first === undefined) return undefined;
    this.#virtualTime = tenant.nextAt;
    tenant.virtualTime = session.nextAt;
    tenant.nextAt += first.cost;
    session.nextAt += first.cost;
    session.waiting.delete(first);
    this.#removed(tenant);
    return first.item;
  }

  /** Returns the oldest waiting item of each session, by session. */
  oldest(): Map<string, Item> {
    const oldest = new Map<string, Item>();
    for (const { sessions } of this.#tenants.values()) {
      for (const [name, { waiting }] of sessions)
        for (const { item } of [...waiting].slice(0, 1)) oldest.set(name, item);
    }
    return oldest;
  }

  #removed(tenant: TenantShare<Item>): void {
    tenant.waiting -= 1;
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    // Work that was served while nothing else waited isn't charged later.
    this.#tenants.clear();
    this.#virtualTime = 0;
  }
}

function newTenant<Item>(): TenantShare<Item> {
  return { nextAt: 0, sessions: new Map(), virtualTime: 0, waiting: 0 };
}

/** Returns the share with the earliest time; forgets those without work that would start like new ones. */
function earliest<Kind extends Share>(
  shares: Map<string, Kind>,
  hasWork: (share: Kind) => boolean,
  virtualTime: number,
): Kind | undefined {
  let first: Kind | undefined;
  for (const [name, share] of shares) {
    if (!hasWork(share)) {
      if (share.nextAt <= virtualTime) shares.delete(name);
    } else if (first === undefined || share.nextAt < first.nextAt) {
      first = share;
    }
  }
  return first;
}
