import type { DegradedReason } from '@parley/protocol';

/** A reason that was not reported for this long has ended. */
const silenceMs = 5000;
/**
 * `overloaded` is reported only when work that waited long is taken up, which is rare in a session with finals only.
 */
const overloadedSilenceMs = 15_000;
const dayMs = 24 * 60 * 60_000;

/** Why a session's service is currently reduced; workers report each reason repeatedly while it applies. */
export class Degradation {
  readonly #untilMs = new Map<DegradedReason, number>();

  get reasons(): DegradedReason[] {
    return [...this.#untilMs.keys()];
  }

  /**
   * @param nowMs milliseconds of a monotonic clock
   * @param dateMs milliseconds since 1970
   * @returns whether the reason is new
   */
  report(reason: DegradedReason, nowMs: number, dateMs: number): boolean {
    const isNew = !this.#untilMs.has(reason);
    this.#untilMs.set(reason, nowMs + holdsForMs(reason, dateMs));
    return isNew;
  }

  /** Removes the reasons that have ended and returns them. */
  removeLapsed(nowMs: number): DegradedReason[] {
    const lapsed = this.reasons.filter((reason) => nowMs >= (this.#untilMs.get(reason) ?? 0));
    for (const reason of lapsed) this.#untilMs.delete(reason);
    return lapsed;
  }
}

/** A spent budget remains so without further reports until the end of the day (UTC), because budgets are daily. */
function holdsForMs(reason: DegradedReason, dateMs: number): number {
  if (reason === 'over-budget') return dayMs - (dateMs % dayMs);
  return reason === 'overloaded' ? overloadedSilenceMs : silenceMs;
}
