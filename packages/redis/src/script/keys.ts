/**
 * Returns the names of a session's keys. The braces keep all of them in one slot of a Redis Cluster, so that one script
 * may access several.
 */
export function sessionKeys(sessionId: string) {
  const base = `{s:${sessionId}}`;
  return {
    session: `${base}:session`,
    segments: `${base}:segments`,
    pending: `${base}:pending`,
    log: `${base}:log`,
    /** Entries of the log, for longer; scripts derive its name from the channel. */
    transcript: `${base}:transcript`,
    wanted: `${base}:wanted`,
    /** The listeners on each edge, by language. */
    audience: `${base}:audience`,
    /** Listeners with nothing but a join code or a token to listen, by the end of their lease. */
    seats: `${base}:seats`,
    /** Open segments in the order of their eviction. */
    open: `${base}:open`,
    /** Written only to learn that replicas have what was written before. */
    kept: `${base}:kept`,
    /** The prefix of the keys of open segments. */
    segmentPrefix: `${base}:segment:`,
    segment: (segmentId: number): string => `${base}:segment:${segmentId}`,
    /** A sharded channel, not a key: results and notices for edges. */
    channel: base,
    /** A sharded channel, not a key: messages for the worker threads that hold open segments of the session. */
    work: `${base}:work`,
  };
}

/** The deadlines of all sessions; the number is a shard. */
export const deadlinesKey = 'deadlines:0';

/** The time of the last poll of the deadlines. Workers of earlier versions use the same key, so it keeps its old name. */
export const lastPollKey = 'deadlines:0:walk';

/** Deleted sessions whose cached translations are still to be erased, by the time of their deletion. */
export const cacheErasuresKey = 'cache-erasures';

/** The number of open segments that each worker thread holds. */
export const holdersKey = 'segment-holders';

/** The sessions of a tenant. */
export function directoryKey(tenant: string): string {
  return `tenant:${tenant}:directory`;
}

/** What the sessions of a tenant have reserved of its quota. */
export function creditsKey(tenant: string): string {
  return `tenant:${tenant}:credits`;
}

/** The sizes of the transcripts of a tenant's ended sessions. */
export function transcriptsKey(tenant: string): string {
  return `tenant:${tenant}:transcripts`;
}

/** The rooms of a tenant. */
export function roomsKey(tenant: string): string {
  return `tenant:${tenant}:rooms`;
}

/** The room of a join code; apart from those of sessions, which processes of earlier versions let expire with theirs. */
export function roomCodeKey(codeHash: string): string {
  return `room-code:${codeHash}`;
}

export function joinKey(codeHash: string): string {
  return `join:${codeHash}`;
}

/** API keys by their IDs. The braces keep what one transaction changes in one slot of a Redis Cluster. */
export const apiKeysKey = '{access}:keys';

/** When each API key was last used. */
export const apiKeyUsesKey = '{access}:key-uses';

/** The settings of tenants. */
export const tenantSettingsKey = '{access}:tenants';

/** How often keys and settings have changed. */
export const accessVersionsKey = '{access}:versions';

/** A sharded channel, not a key: notices of changed keys and settings. */
export const accessChannel = '{access}';
