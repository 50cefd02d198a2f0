const keptSegments = 2048;

/**
 * What one reader was shown: for a segment and target revisions only grow, and after the final nothing comes. Redis
 * decides this already; here late arrivals are caught that a filled gap in the log has overtaken.
 */
export class ShownRevisions {
  readonly #segments = new Map<number, Map<string, number>>();

  /** Whether this revision may be shown; if so it counts as shown. */
  show(segmentId: number, target: string, revision: number): boolean {
    const targets = this.#targets(segmentId);
    if (revision <= (targets.get(target) ?? -1)) return false;
    targets.set(target, revision);
    return true;
  }

  /** The final is out: no revision may be shown any more. Whether it is the first one. */
  conclude(segmentId: number, target: string): boolean {
    return this.show(segmentId, target, Infinity);
  }

  #targets(segmentId: number): Map<string, number> {
    let targets = this.#segments.get(segmentId);
    if (targets === undefined) {
      targets = new Map();
      this.#segments.set(segmentId, targets);
      const [oldest] = this.#segments.keys();
      if (this.#segments.size > keptSegments && oldest !== undefined) this.#segments.delete(oldest);
    }
    return targets;
  }
}
