/** A segment that a thread holds. */
export interface Held {
  readonly tenant: string;
  readonly sessionId: string;
  /** 0: it has calls or waits for one. */
  readonly idleMs: number;
}

/** Maximum number of segments released at once, since taking them again costs more than holding them. */
const mostReleased = 32;

/**
 * Returns the segments that a full thread releases while jobs of others wait: those that have been idle for longest; if none is
 * idle, some of the tenant that holds the most, first of its sessions with the most, so that those who wait get their share.
 */
export function segmentsToRelease<Segment extends Held>(held: readonly Segment[]): Segment[] {
  const idle = held.filter(({ idleMs }) => idleMs > 0).sort((one, other) => other.idleMs - one.idleMs);
  if (idle.length > 0) return idle.slice(0, mostReleased);
  const byTenant = Map.groupBy(held, ({ tenant }) => tenant);
  const most = largest([...byTenant.values()]);
  // The waiting job may be of a tenant that holds nothing here, so there is one share more.
  const share = Math.ceil(held.length / (byTenant.size + 1));
  const bySession = [...Map.groupBy(most, ({ sessionId }) => sessionId).values()];
  const released: Segment[] = [];
  while (released.length < Math.min(most.length - share, mostReleased)) {
    const segment = largest(bySession).pop();
    if (segment === undefined) break;
    released.push(segment);
  }
  return released;
}

function largest<Item>(groups: readonly Item[][]): Item[] {
  return groups.reduce((most, group) => (group.length > most.length ? group : most), []);
}
