/** How long a partial may stay undisplayed before its segment is requeued. */
const displayTimeoutMs = 2000;
/** An engine that refuses a text will refuse it again. */
const maxTries = 3;

interface UnshownPartial {
  readonly revision: number;
  readonly targets: Set<string>;
  putAtMs: number;
  tries: number;
}

/**
 * Monitors the newest partial of each open segment until it is displayed. If a worker dies with a partial and the
 * speaker pauses, no newer partial would replace it.
 */
export class PartialWatchdog {
  readonly #segments = new Map<number, UnshownPartial>();
  /** When to requeue all open segments, including those added by another edge, and how many times. */
  #requeueAllAt: { atMs: number; times: number } | undefined;

  put(partial: { segmentId: number; revision: number; targets: readonly string[] }, nowMs: number): void {
    const { segmentId, revision, targets } = partial;
    this.#segments.set(segmentId, { revision, targets: new Set(targets), putAtMs: nowMs, tries: 0 });
  }

  /** Records a displayed revision; the segment is not requeued if it is at least as new as the last one added. */
  shown(segmentId: number, target: string, revision: number): void {
    const partial = this.#segments.get(segmentId);
    if (partial === undefined || revision < partial.revision) return;
    partial.targets.delete(target);
    if (partial.targets.size === 0) this.#segments.delete(segmentId);
  }

  /** Removes a segment that has its final. */
  settled(segmentId: number): void {
    this.#segments.delete(segmentId);
  }

  clear(): void {
    this.#segments.clear();
    this.#requeueAllAt = undefined;
  }

  /** Requeues all open segments after a resume, because partials added by another edge may be undisplayed. */
  requeueAll(nowMs: number): void {
    this.#requeueAllAt = { atMs: nowMs, times: 3 };
  }

  /** The segments to requeue now; each counts as added again. */
  due(nowMs: number): 'none' | 'all' | number[] {
    if (this.#requeueAllAt !== undefined && nowMs >= this.#requeueAllAt.atMs) {
      const times = this.#requeueAllAt.times - 1;
      // The lease of a worker that has just died is still valid for 2.4 s, so all segments are requeued at 0, 2 and 4 s.
      this.#requeueAllAt = times === 0 ? undefined : { atMs: nowMs + displayTimeoutMs, times };
      return 'all';
    }
    const due: number[] = [];
    for (const [segmentId, partial] of this.#segments) {
      if (nowMs - partial.putAtMs < displayTimeoutMs) continue;
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
