import type { DegradedReason } from '@parley/protocol';

/** A reason that was not heard of for so long holds no more. */
const silenceMs = 5000;

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
    const lapsed = [...this.#heardAtMs].filter(([, heardAtMs]) => nowMs - heardAtMs >= silenceMs);
    for (const [reason] of lapsed) this.#heardAtMs.delete(reason);
    return lapsed.map(([reason]) => reason);
  }
}
