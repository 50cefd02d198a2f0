/** How long a partial may stay without being shown before it is put again. */
const patienceMs = 2000;
/** An engine that refuses a text refuses it again. */
const maxTries = 3;

interface Unshown {
  readonly revision: number;
  readonly targets: Set<string>;
  putAtMs: number;
  tries: number;
}

/**
 * The newest partial of each open segment until it is shown: a worker that dies with one before a pause leaves nobody
 * else to come for it.
 */
export class UnshownPartials {
  readonly #segments = new Map<number, Unshown>();
  /** When all open segments are looked at, whoever has put them; with how many times more. */
  #all: { atMs: number; times: number } | undefined;

  put(partial: { segmentId: number; revision: number; targets: readonly string[] }, nowMs: number): void {
    const { segmentId, revision, targets } = partial;
    this.#segments.set(segmentId, { revision, targets: new Set(targets), putAtMs: nowMs, tries: 0 });
  }

  /** A revision was shown; one as new as the last put needs no second try. */
  shown(segmentId: number, target: string, revision: number): void {
    const unshown = this.#segments.get(segmentId);
    if (unshown === undefined || revision < unshown.revision) return;
    unshown.targets.delete(target);
    if (unshown.targets.size === 0) this.#segments.delete(segmentId);
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

  /** The segments of which something is to be put again now, each counted as put. */
  due(nowMs: number): 'none' | 'all' | number[] {
    if (this.#all !== undefined && nowMs >= this.#all.atMs) {
      const times = this.#all.times - 1;
      // A lease of a worker that has just died holds for a while yet: hence the second look.
      this.#all = times === 0 ? undefined : { atMs: nowMs + patienceMs, times };
      return 'all';
    }
    const due: number[] = [];
    for (const [segmentId, unshown] of this.#segments) {
      if (nowMs - unshown.putAtMs < patienceMs) continue;
      if (unshown.tries >= maxTries) {
        this.#segments.delete(segmentId);
        continue;
      }
      unshown.putAtMs = nowMs;
      unshown.tries++;
      due.push(segmentId);
    }
    return due.length === 0 ? 'none' : due;
  }
}
