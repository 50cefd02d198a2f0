const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * How long Redis keeps what tenants and their clients leave there, in ms. Transcripts are kept for
 * `TRANSCRIPT_RETENTION_MINUTES`, and sessions that were left for `SESSION_GRACE_MS`. The section "Retention" of
 * docs/operations.md has the same table; a test compares them.
 */
export const retention = {
  /** The log of a session that goes on, from which clients that come back read what they missed. */
  logMs: hourMs,
  /** A session that has ended, with its log. */
  endedSessionMs: minuteMs,
  /** The join code of a session, renewed while it goes on; once it has ended, the code is kept as long as the session. */
  joinCodeMs: hourMs,
  /** A join code that was changed, whose listeners are told so; at least as long as transcripts. */
  changedJoinCodeMs: hourMs,
  /** A room and its join code, since its last start or change of the join code: more than a year, for yearly events. */
  roomMs: 400 * dayMs,
  /** The usage of a day: thirteen months, so that a month can be compared with the same one of the previous year. */
  usageMs: 400 * dayMs,
  /** A translation of a final in the cache; using it does not extend this. */
  cachedFinalMs: dayMs,
  /** A translation of a partial, which is repeated, if at all, within the same session. */
  cachedPartialMs: 5 * minuteMs,
} as const;
