/** What the clients of a tenant have sent lately, and what is read of it at most. */
export interface TenantReading {
  /** Frames a second, by what they cost. */
  readonly sent: number;
  /** Frames a second; `Infinity` if there is no limit. */
  readonly limit: number;
}

/** A busier event loop delays the messages of all tenants. */
const maxUtilization = 0.85;
/** Factors by which a limit shrinks and grows at each measurement. */
const decreaseFactor = 0.8;
const increaseFactor = 1.1;
/** Frames a second that any tenant may send. */
const minLimit = 100;

/**
 * Decides how fast the tenants of an edge are read. While its event loop is saturated, the one that sends most is read more slowly, though
 * never below an even share; otherwise limits grow until they don't matter. A tenant that is alone needs none, as nobody else waits for it.
 *
 * @param utilization of the event loop, from 0 to 1
 * @returns the new limits of those that have one
 */
export function decideReadingLimits(
  utilization: number,
  tenants: ReadonlyMap<string, TenantReading>,
): Map<string, number> {
  const isSaturated = utilization > maxUtilization && tenants.size > 1;
  const limits = new Map<string, number>();
  let [total, largest] = [0, ''];
  for (const [tenant, { sent, limit }] of tenants) {
    total += sent;
    if (sent > (tenants.get(largest)?.sent ?? 0)) largest = tenant;
    const next = isSaturated ? limit : limit * increaseFactor;
    if (next < 2 * sent || (isSaturated && limit < Infinity)) limits.set(tenant, next);
  }
  const first = tenants.get(largest);
  if (!isSaturated || first === undefined) return limits;
  const evenShare = Math.max(minLimit, total / tenants.size);
  limits.set(largest, Math.max(evenShare, Math.min(first.sent, first.limit) * decreaseFactor));
  return limits;
}
