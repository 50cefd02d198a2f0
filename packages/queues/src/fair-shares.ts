/** Whose work it is, and how much. */
export interface WorkShare {
  readonly tenant: string;
  readonly session: string;
  /** In any unit, above 0; only its proportion to the cost of other work matters. */
  readonly cost: number;
}

/** The place of a piece of work in the order of service. */
export interface Place {
  /** Its virtual finish time: the smallest one is served next. */
  readonly finish: number;
  /** Whether earlier work of its session has not been served yet. */
  readonly isBehindOwn: boolean;
}

/**
 * Decides in which order work is served, so that tenants share a resource evenly, and the sessions of a tenant its share. What
 * counts is the cost of the work and not its number of pieces.
 *
 * This is self-clocked fair queueing (S. J. Golestani, "A self-clocked fair queueing scheme for broadband applications",
 * INFOCOM 1994). Each piece of work gets the virtual time at which it would be finished if all had their shares:
 * `max(virtual time, finish of the session's previous piece) + cost / weight`, where the weight of a session is one divided by
 * the number of sessions of its tenant with unserved work. The virtual time is that of the piece served last. So nothing
 * starves: only a bounded amount of work that comes later can have an earlier finish.
 */
export class FairShares {
  /** The finish of the newest work of each session that has any after the virtual time, by tenant. */
  readonly #finishes = new Map<string, Map<string, number>>();
  #virtualTime = 0;

  /** Returns the place of new work. Its session is charged for it. */
  place({ tenant, session, cost }: WorkShare): Place {
    const sessions = this.#unserved(tenant);
    const before = sessions.get(session);
    const charged = cost * (sessions.size + (before === undefined ? 1 : 0));
    const finish = Math.max(this.#virtualTime, before ?? 0) + charged;
    sessions.set(session, finish);
    this.#finishes.set(tenant, sessions);
    return { finish, isBehindOwn: before !== undefined };
  }

  /** Advances the virtual time to that of the work served last; an earlier one changes nothing. */
  served(finish: number): void {
    this.#virtualTime = Math.max(this.#virtualTime, finish);
  }

  /** Resets all virtual times when no work is waiting: work that delayed nobody isn't charged later. */
  idle(): void {
    this.#finishes.clear();
    this.#virtualTime = 0;
  }

  /** Forgets sessions whose work has been served, so that only those with waiting work take memory and count. */
  #unserved(tenant: string): Map<string, number> {
    const sessions = this.#finishes.get(tenant) ?? new Map<string, number>();
    for (const [session, finish] of sessions) if (finish <= this.#virtualTime) sessions.delete(session);
    return sessions;
  }
}
