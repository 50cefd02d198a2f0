/**
 * The names of a session's keys. The braces keep all keys of one session in one slot of a Redis Cluster, so that a
 * script may touch several of them.
 */
export function sessionKeys(sessionId: string) {
  const base = `{s:${sessionId}}`;
  return {
    session: `${base}:session`,
    segments: `${base}:segments`,
    pending: `${base}:pending`,
    log: `${base}:log`,
    wanted: `${base}:wanted`,
    /** Open segments by when their newest partial came. */
    open: `${base}:open`,
    /** What one open segment's key begins with. */
    segmentPrefix: `${base}:segment:`,
    segment: (segmentId: number): string => `${base}:segment:${segmentId}`,
    /** A sharded channel, not a key: what edges hear. */
    channel: base,
    /** A sharded channel, not a key: what worker threads hear that hold open segments of the session. */
    work: `${base}:work`,
  };
}

/** What the sweeper must look at, and when; the number is a shard. */
export const deadlinesKey = 'deadlines:0';

/** When the deadlines were last walked. */
export const lastPollKey = 'deadlines:0:walk';

/** How many open segments each worker thread holds. */
export const holdersKey = 'segment-holders';

/** Leads from a join code to its session. */
export function joinKey(codeHash: string): string {
  return `join:${codeHash}`;
}
