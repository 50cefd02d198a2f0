interface Waiting {
  readonly revision: number;
}

/**
 * The partials of one connection that wait to be handled. One that has a successor, or that is behind those of more segments
 * than may be open, is not worth handling any more. So few are handled, however many a client has sent.
 */
export class WaitingPartials {
  readonly #maxSegments: number;
  /** The newest waiting partial of each segment, in the order in which they came. */
  #newest = new Map<number, Waiting>();

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
    const before = newest.get(segmentId);
    if (before !== undefined && before.revision > revision) return () => false;
    const partial = { revision };
    // A segment that is there already would keep its place.
    newest.delete(segmentId);
    newest.set(segmentId, partial);
    const [oldest] = newest.keys();
    if (oldest !== undefined && newest.size > this.#maxSegments) newest.delete(oldest);
    return () => newest.get(segmentId) === partial && newest.delete(segmentId);
  }
}
