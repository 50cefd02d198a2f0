/** The keys of the limits of one endpoint, in one slot of a Redis Cluster. */
export interface LimitKeys {
  /** A hash with the state of the limiter; also the name of the channel for pauses. */
  readonly capacity: string;
  /** Calls in progress, by their start. */
  readonly calls: string;
  /** Tenants, by the time up to which they have used their share. */
  readonly tenants: string;
  /** Waiting sessions, by the time of their next call at the start of the wait. */
  readonly waiting: string;
  /** Waiting sessions, by the time at which they should retry. */
  readonly expected: string;
  /** Threads that share the limits, by the end of their lease. */
  readonly threads: string;
}

export function limitKeys(endpoint: string): LimitKeys {
  const capacity = `rl:{${endpoint}}`;
  return {
    capacity,
    calls: `${capacity}:calls`,
    tenants: `${capacity}:tenants`,
    waiting: `${capacity}:waiting`,
    expected: `${capacity}:expected`,
    threads: `${capacity}:threads`,
  };
}

/** Returns the key of a tenant's sessions, by the time of their next call. */
export function nextCallsKey({ capacity }: LimitKeys, tenant: string): string {
  return `${capacity}:turns:${tenant}`;
}
