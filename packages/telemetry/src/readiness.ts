/** What `/readyz` answers: each check is `ok`, or why it isn't. */
export interface ReadinessReport {
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * Whether a process can do its work: `unavailable` where a check fails without which there is none, `degraded` where only
 * others do. A check passes with `ok`; anything else says why it doesn't.
 *
 * @param helpful checks without which the process still does a part of its work
 */
export function readinessReport(
  needed: Readonly<Record<string, string>>,
  helpful: Readonly<Record<string, string>> = {},
): ReadinessReport {
  const fails = (checks: Readonly<Record<string, string>>): boolean =>
    Object.values(checks).some((said) => said !== 'ok');
  const status = fails(needed) ? 'unavailable' : fails(helpful) ? 'degraded' : 'ready';
  return { status, checks: { ...needed, ...helpful } };
}

/** The HTTP status that goes with a report: load balancers send nothing to a process that answers 503. */
export function readinessStatusCode({ status }: ReadinessReport): 200 | 503 {
  return status === 'unavailable' ? 503 : 200;
}
