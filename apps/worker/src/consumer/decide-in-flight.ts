/** What was measured of the engine lately. */
export interface EngineLoad {
  /** The median time of a call on a partial; `undefined` where too few were made. */
  readonly medianMs: number | undefined;
  /** Whether calls were refused because there were too many. */
  readonly rateLimited: boolean;
  /** The share of the rate limit that was not used lately; `undefined` where no limit is known. */
  readonly headroom: number | undefined;
}

/**
 * A call more for every so many milliseconds that the engine takes: about the time between two revisions of a fast
 * speaker. Simulated on recorded talks, an engine of 180 ms (median) did best with 2 calls in flight (a revision is
 * shown within 308 ms instead of 414, p95) and one of 600 ms with 4 (845 ms instead of 1,364); more than are spoken
 * meanwhile only overtake each other.
 */
const callPerMs = 150;
const maxInFlight = 4;
/** A median this close to a bound leaves the number as it is. */
const slack = 0.1;
/** With less of the rate limit to spare than this, a second call of a segment would take another session's place. */
const scarce = 0.2;
/** With less than this, no third one is made. */
const sparse = 0.4;

/** How many calls of a segment and target should be at the engine at once. @param current what it is now */
export function decideInFlight({ medianMs, rateLimited, headroom = 1 }: EngineLoad, current: number): number {
  if (rateLimited || headroom < scarce) return 1;
  const most = headroom < sparse ? 2 : maxInFlight;
  if (medianMs === undefined) return Math.min(current, most);
  const atLeast = callsFor(medianMs * (1 - slack));
  const atMost = callsFor(medianMs * (1 + slack));
  return Math.min(Math.max(current, atLeast), atMost, most);
}

/** While too little has been measured. */
const usualInFlight = 2;
const decideEveryMs = 5000;

/** The setting `PARTIAL_IN_FLIGHT` as a number; `auto` follows what was measured, looked at every five seconds. */
export function inFlightLimit(
  setting: number | 'auto',
  load: () => EngineLoad,
  now = () => performance.now(),
): () => number {
  if (setting !== 'auto') return () => setting;
  let current = usualInFlight;
  let decidedAtMs = now();
  return () => {
    if (now() - decidedAtMs >= decideEveryMs) {
      decidedAtMs = now();
      current = decideInFlight(load(), current);
    }
    return current;
  };
}

function callsFor(medianMs: number): number {
  return Math.min(Math.max(Math.ceil(medianMs / callPerMs), 1), maxInFlight);
}
