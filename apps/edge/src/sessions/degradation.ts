import type { DegradedReason } from '@parley/protocol';

/** A reason that was not heard of for so long holds no more. */
const silenceMs = 5000;
/** It shows only when work is taken up that has waited long, which for a session that gets finals alone is seldom. */
const overloadedSilenceMs = 15_000;

/** Why a session gets less than it could at the moment, as workers say it again and again while it is so. */
export class Degradation {
  readonly #heardAtMs = new Map<DegradedReason, number>();

  get reasons(): DegradedReason[] {
    return [...this.#heardAtMs.keys()];
  }

  /** @returns whether it is so only from now on */
  heard(reason: DegradedReason, nowMs: number): boolean {
    const isNew = !this.#heardAtMs.has(reason);
    this.#heardAtMs.set(reason, nowMs);
    return isNew;
  }

  /** @returns the reasons that hold no more, each once */
  lapsed(nowMs: number): DegradedReason[] {
    const lapsed = [...this.#heardAtMs].filter(([reason, heardAtMs]) => nowMs - heardAtMs >= silenceOf(reason));
    for (const [reason] of lapsed) this.#heardAtMs.delete(reason);
    return lapsed.map(([reason]) => reason);
  }
}

function silenceOf(reason: DegradedReason): number {
  return reason === 'overloaded' ? overloadedSilenceMs : silenceMs;
}
