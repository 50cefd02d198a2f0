import type { DegradedReason } from '@parley/protocol';

/** A reason that was not heard of for so long holds no more. */
const silenceMs = 5000;
/** It shows only when work is taken up that has waited long, which for a session that gets finals alone is seldom. */
const overloadedSilenceMs = 15_000;
const dayMs = 24 * 60 * 60_000;

/** Why a session gets less than it could at the moment, as workers say it again and again while it is so. */
export class Degradation {
  readonly #untilMs = new Map<DegradedReason, number>();

  get reasons(): DegradedReason[] {
    return [...this.#untilMs.keys()];
  }

  /**
   * @param nowMs milliseconds of a clock that never goes back
   * @param dateMs milliseconds since 1970
   * @returns whether it is so only from now on
   */
  heard(reason: DegradedReason, nowMs: number, dateMs: number): boolean {
    const isNew = !this.#untilMs.has(reason);
    this.#untilMs.set(reason, nowMs + holdsForMs(reason, dateMs));
    return isNew;
  }

  /** @returns the reasons that hold no more, each once */
  lapsed(nowMs: number): DegradedReason[] {
    const lapsed = this.reasons.filter((reason) => nowMs >= (this.#untilMs.get(reason) ?? 0));
    for (const reason of lapsed) this.#untilMs.delete(reason);
    return lapsed;
  }
}

/** A budget that is spent stays so when nobody speaks: until the day ends (UTC), by which budgets are counted. */
function holdsForMs(reason: DegradedReason, dateMs: number): number {
  if (reason === 'over-budget') return dayMs - (dateMs % dayMs);
  return reason === 'overloaded' ? overloadedSilenceMs : silenceMs;
}
