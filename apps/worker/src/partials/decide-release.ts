/** A segment that a thread holds. */
export interface Held {
  readonly tenant: string;
  readonly sessionId: string;
  /** 0: it has calls or waits for one. */
  readonly idleMs: number;
}

/** Maximum numbers of segments released at once, since taking them again costs more than holding them. */
const mostReleased = { idle: 32, active: 8 } as const;
/** Nobody speaks, or the final is overdue: such a segment costs nobody anything if it is released. */
const restingMs = 1000;
/** A job that has waited for longer comes before segments that somebody is speaking. */
const lateJobMs = 1000;

/**
 * Returns the segments that a full thread releases while jobs of others wait: those that have been idle for longest; if none is
 * idle, some of the tenant that holds the most, first of its sessions with the most, so that those who wait get their share.
 *
 * @param waitMs how long the job that comes next has waited
 */
export function segmentsToRelease<Segment extends Held>(held: readonly Segment[], waitMs: number): Segment[] {
  const leastIdleMs = waitMs > lateJobMs ? 1 : restingMs;
  const idle = held.filter(({ idleMs }) => idleMs >= leastIdleMs).sort((one, other) => other.idleMs - one.idleMs);
  if (idle.length > 0 || waitMs <= lateJobMs) return idle.slice(0, mostReleased.idle);
  const byTenant = Map.groupBy(held, ({ tenant }) => tenant);
  const most = largest([...byTenant.values()]);
  // The waiting job may be of a tenant that holds nothing here, so there is one share more.
  const share = Math.ceil(held.length / (byTenant.size + 1));
  const bySession = [...Map.groupBy(most, ({ sessionId }) => sessionId).values()];
  const released: Segment[] = [];
  while (released.length < Math.min(most.length - share, mostReleased.active)) {
    const segment = largest(bySession).pop();
    if (segment === undefined) break;
    released.push(segment);
  }
  return released;
}

function largest<Item>(groups: readonly Item[][]): Item[] {
  return groups.reduce((most, group) => (group.length > most.length ? group : most), []);
}
