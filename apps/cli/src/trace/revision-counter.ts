/** Numbers the partials of each segment from 1, as a client has to. */
export class RevisionCounter {
  readonly #last = new Map<number, number>();

  next(segmentId: number): number {
    const revision = (this.#last.get(segmentId) ?? 0) + 1;
    this.#last.set(segmentId, revision);
    return revision;
  }
}
