/** What is kept of the limits of one endpoint and key: all in one slot of a Redis Cluster. */
export interface LimitKeys {
  /** The hash of what is left; also the channel on which pauses are told. */
  readonly capacity: string;
  /** Calls under way, by when they began. */
  readonly calls: string;
  /** Sessions, by when their turn comes. */
  readonly turns: string;
  /** Sessions that wait for capacity, by the turn they wait for. */
  readonly waiting: string;
  /** The same, by when they were told to come again. */
  readonly expected: string;
  /** Threads that share the limits, by the end of their lease. */
  readonly threads: string;
}

export function limitKeys(endpoint: string): LimitKeys {
  const capacity = `rl:{${endpoint}}`;
  return {
    capacity,
    calls: `${capacity}:calls`,
    turns: `${capacity}:turns`,
    waiting: `${capacity}:waiting`,
    expected: `${capacity}:expected`,
    threads: `${capacity}:threads`,
  };
}
