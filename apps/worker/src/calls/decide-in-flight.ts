/** Recent measurements of the engine. */
export interface EngineLoad {
  /** Median duration of a partial's call; `undefined` if there were too few. */
  readonly medianMs: number | undefined;
  /** Whether calls were refused by the rate limit. */
  readonly rateLimited: boolean;
  /** The recently unused share of the rate limit; `undefined` if no limit is known. */
  readonly headroom: number | undefined;
}

/**
 * One more call in flight per this much engine time, which is about the time between two revisions of a fast speaker.
 * Simulated on recorded talks, an engine with a median of 180 ms did best with 2 calls in flight (a revision is shown within
 * 308 ms instead of 414, p95), and one of 600 ms with 4 (845 ms instead of 1,364); more calls than revisions arriving meanwhile
 * only overtake each other.
 */
const callPerMs = 150;
const maxInFlight = 4;
/** Hysteresis: a median this close to a threshold does not change the number. */
const slack = 0.1;
/** With less headroom than this, a second call of a segment would use capacity that other sessions need. */
const scarce = 0.2;
/** With less headroom than this, at most two calls are made. */
const sparse = 0.4;

/** Returns the number of concurrent calls for a segment and target. @param current the present number */
export function decideInFlight({ medianMs, rateLimited, headroom = 1 }: EngineLoad, current: number): number {
  if (rateLimited || headroom < scarce) return 1;
  const most = headroom < sparse ? 2 : maxInFlight;
  if (medianMs === undefined) return Math.min(current, most);
  const atLeast = callsFor(medianMs * (1 - slack));
  const atMost = callsFor(medianMs * (1 + slack));
  return Math.min(Math.max(current, atLeast), atMost, most);
}

/** Used until there are enough measurements. */
const usualInFlight = 2;
const decideEveryMs = 5000;

/** Returns the setting `PARTIAL_IN_FLIGHT`; `auto` is decided from the measurements every five seconds. */
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
