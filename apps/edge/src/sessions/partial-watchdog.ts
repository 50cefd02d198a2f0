/** How long a partial may stay without being shown before its segment is requeued. */
const patienceMs = 2000;
/** An engine that refuses a text refuses it again. */
const maxTries = 3;

interface UnshownPartial {
  readonly revision: number;
  readonly targets: Set<string>;
  putAtMs: number;
  tries: number;
}

/**
 * Watches the newest partial of each open segment until it is shown: a worker that dies with one before a pause leaves
 * nobody else to come for it.
 */
export class PartialWatchdog {
  readonly #segments = new Map<number, UnshownPartial>();
  /** When all open segments are looked at, whoever has put them; with how many times more. */
  #all: { atMs: number; times: number } | undefined;

  put(partial: { segmentId: number; revision: number; targets: readonly string[] }, nowMs: number): void {
    const { segmentId, revision, targets } = partial;
    this.#segments.set(segmentId, { revision, targets: new Set(targets), putAtMs: nowMs, tries: 0 });
  }

  /** A revision was shown; one as new as the last put needs no second try. */
  shown(segmentId: number, target: string, revision: number): void {
    const partial = this.#segments.get(segmentId);
    if (partial === undefined || revision < partial.revision) return;
    partial.targets.delete(target);
    if (partial.targets.size === 0) this.#segments.delete(segmentId);
  }

  /** The segment has its final. */
  settled(segmentId: number): void {
    this.#segments.delete(segmentId);
  }

  clear(): void {
    this.#segments.clear();
    this.#all = undefined;
  }

  /** The session was taken up here: what was put elsewhere may be unshown. */
  lookAtAll(nowMs: number): void {
    this.#all = { atMs: nowMs, times: 2 };
  }

  /** The segments that are to be requeued now, each counted as put. */
  due(nowMs: number): 'none' | 'all' | number[] {
    if (this.#all !== undefined && nowMs >= this.#all.atMs) {
      const times = this.#all.times - 1;
      // The lease of a worker that has just died holds for a while yet: hence the second look.
      this.#all = times === 0 ? undefined : { atMs: nowMs + patienceMs, times };
      return 'all';
    }
    const due: number[] = [];
    for (const [segmentId, partial] of this.#segments) {
      if (nowMs - partial.putAtMs < patienceMs) continue;
      if (partial.tries >= maxTries) {
        this.#segments.delete(segmentId);
        continue;
      }
      partial.putAtMs = nowMs;
      partial.tries++;
      due.push(segmentId);
    }
    return due.length === 0 ? 'none' : due;
  }
}
