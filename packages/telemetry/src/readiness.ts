/** The body of `/readyz`: each check is `ok` or the reason why it fails. */
export interface ReadinessReport {
  readonly status: 'ready' | 'degraded' | 'unavailable';
  readonly checks: Readonly<Record<string, string>>;
}

/**
 * Combines checks into a report: `unavailable` if a required check fails, `degraded` if only optional ones do. A check
 * passes with `ok`; any other value is the reason for its failure.
 *
 * @param optional checks without which the process still works in part
 */
export function readinessReport(
  required: Readonly<Record<string, string>>,
  optional: Readonly<Record<string, string>> = {},
): ReadinessReport {
  const hasFailure = (checks: Readonly<Record<string, string>>): boolean =>
    Object.values(checks).some((result) => result !== 'ok');
  const status = hasFailure(required) ? 'unavailable' : hasFailure(optional) ? 'degraded' : 'ready';
  return { status, checks: { ...required, ...optional } };
}

/** Returns the HTTP status for a report; load balancers stop sending traffic to a process that returns 503. */
export function readinessStatusCode({ status }: ReadinessReport): 200 | 503 {
  return status === 'unavailable' ? 503 : 200;
}
