interface Waiting {
  readonly revision: number;
}

/** Fewer come at once in normal use, and each of them counts for the partial filter. */
const fewPartials = 16;

/**
 * The partials of one connection that wait to be handled. While many wait, one that has a successor, or that is behind those of
 * more segments than may be open, is not worth handling any more. So few are handled, however many a client has sent.
 */
export class WaitingPartials {
  readonly #maxSegments: number;
  /** The newest waiting partial of each segment, in the order in which they came. */
  #newest = new Map<number, Waiting>();
  #waiting = 0;

  constructor(maxSegments: number) {
    this.#maxSegments = maxSegments;
  }

  /** Begins anew, because the partials that follow may belong to another session. */
  sessionChanges(): void {
    this.#newest = new Map();
  }

  /**
   * Adds a partial.
   *
   * @returns to be called when it is its turn: whether it is still worth handling
   */
  add(segmentId: number, revision: number): () => boolean {
    const newest = this.#newest;
    this.#waiting += 1;
    const isOneOfFew = (): boolean => this.#waiting-- <= fewPartials;
    const before = newest.get(segmentId);
    if (before !== undefined && before.revision > revision) return isOneOfFew;
    const partial = { revision };
    // A segment that is there already would keep its place.
    newest.delete(segmentId);
    newest.set(segmentId, partial);
    const [oldest] = newest.keys();
    if (oldest !== undefined && newest.size > this.#maxSegments) newest.delete(oldest);
    return () => {
      const isNewest = newest.get(segmentId) === partial && newest.delete(segmentId);
      return isOneOfFew() || isNewest;
    };
  }
}
