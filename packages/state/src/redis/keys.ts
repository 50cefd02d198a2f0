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
    /** A sharded channel, not a key. */
    channel: base,
    slot: (segmentId: number, target: string): string => `${base}:slot:${segmentId}:${target}`,
  };
}

/** What the sweeper must look at, and when; the number is a shard. */
export const deadlinesKey = 'deadlines:0';

/** When the deadlines were last walked. */
export const walkKey = 'deadlines:0:walk';

/** Leads from a join code to its session. */
export function joinKey(codeHash: string): string {
  return `join:${codeHash}`;
}
