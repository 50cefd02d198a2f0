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
    /** A sharded channel, not a key. */
    channel: base,
    slot: (segmentId: number, target: string): string => `${base}:slot:${segmentId}:${target}`,
  };
}

export type SessionKeys = ReturnType<typeof sessionKeys>;
