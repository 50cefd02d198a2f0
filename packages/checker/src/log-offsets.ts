import type { ViolationCode } from './violation.ts';

/** Tracks the offsets delivered to one client over all its connections to one session. */
export class LogOffsets {
  #last = -1;
  /** The offset of the last resume or join. */
  #from = -1;

  get last(): number {
    return this.#last;
  }

  /** Sets the offset at which the session starts. */
  startAt(offset: number): void {
    this.#last = offset;
    this.#from = -1;
  }

  /**
   * Sets the offset after which entries are sent from now on.
   *
   * @param isSameSocket whether the session was already open on this socket; entries delivered there are then not
   *   sent again
   */
  resumeFrom(offset: number, isSameSocket: boolean): void {
    this.#from = isSameSocket ? Math.max(offset, this.#last) : offset;
    this.#last = this.#from;
  }

  /** @returns the violation if this offset must not arrive now */
  next(offset: number): ViolationCode | undefined {
    const last = this.#last;
    this.#last = Math.max(last, offset);
    if (offset > last) return undefined;
    if (offset <= this.#from) return 'entry-redelivered';
    return offset === last ? 'offset-repeated' : 'offset-decreased';
  }

  /** Whether the client requested this entry a second time by resuming from an earlier offset. */
  isReplay(offset: number, seen: readonly number[]): boolean {
    return this.#from !== -1 && offset > this.#from && seen.includes(offset);
  }
}
