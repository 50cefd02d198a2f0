import type { PutPartial } from '@parley/state';

/** How long a partial may stay without being shown before it is put again. */
const patienceMs = 2000;
/** An engine that refuses a text refuses it again. */
const maxTries = 3;

interface Unshown {
  partial: PutPartial;
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

  put(partial: PutPartial, nowMs: number): void {
    this.#segments.set(partial.segmentId, { partial, targets: new Set(partial.targets), putAtMs: nowMs, tries: 0 });
  }

  /** A revision was shown; one as new as the last put needs no second try. */
  shown(segmentId: number, target: string, revision: number): void {
    const unshown = this.#segments.get(segmentId);
    if (unshown === undefined || revision < unshown.partial.revision) return;
    unshown.targets.delete(target);
    if (unshown.targets.size === 0) this.#segments.delete(segmentId);
  }

  /** The segment has its final. */
  settled(segmentId: number): void {
    this.#segments.delete(segmentId);
  }

  clear(): void {
    this.#segments.clear();
  }

  /** What is to be put again now; each counts as put. */
  due(nowMs: number): PutPartial[] {
    const due: PutPartial[] = [];
    for (const [segmentId, unshown] of this.#segments) {
      if (nowMs - unshown.putAtMs < patienceMs) continue;
      if (unshown.tries >= maxTries) {
        this.#segments.delete(segmentId);
        continue;
      }
      unshown.putAtMs = nowMs;
      unshown.tries++;
      due.push({ ...unshown.partial, targets: [...unshown.targets] });
    }
    return due;
  }
}
