import type { ViolationCode } from './violation.ts';

/** Follows the offsets that one client is delivered, over all its connections to one session. */
export class LogOffsets {
  #last = -1;
  /** Where the newest resume or join began. */
  #from = -1;

  get last(): number {
    return this.#last;
  }

  /** The session begins at this offset. */
  startAt(offset: number): void {
    this.#last = offset;
    this.#from = -1;
  }

  /**
   * From here on comes what lies after `offset`.
   *
   * @param isSameSocket whether the session was open on this socket: then nothing comes that was delivered there
   */
  resumeFrom(offset: number, isSameSocket: boolean): void {
    this.#from = isSameSocket ? Math.max(offset, this.#last) : offset;
    this.#last = this.#from;
  }

  /** Whether this offset may come now; `undefined` if so. */
  next(offset: number): ViolationCode | undefined {
    const last = this.#last;
    this.#last = Math.max(last, offset);
    if (offset > last) return undefined;
    if (offset <= this.#from) return 'delivered-again';
    return offset === last ? 'offset-repeated' : 'offset-went-back';
  }

  /** Whether the client asked for this entry a second time, by resuming from before it. */
  isReplay(offset: number, seen: readonly number[]): boolean {
    return this.#from !== -1 && offset > this.#from && seen.includes(offset);
  }
}
