import type { PartialTranscript } from '../session.ts';

/**
 * The newest partial of the newest segment without a final, which is sent again after a reconnect. Older open
 * segments are ignored: the recognizer either continues them or has dropped them.
 */
export class OpenPartial {
  #newest: PartialTranscript | undefined;
  #id: string | undefined;
  #settledUpTo = -1;

  /** @param id the `id` of its message, if it was sent */
  record(transcript: PartialTranscript, id: string | undefined): void {
    const { segmentId, revision } = transcript;
    const newest = this.#newest ?? { segmentId: this.#settledUpTo + 1, revision: -1 };
    if (segmentId < newest.segmentId || (segmentId === newest.segmentId && revision < newest.revision)) return;
    this.#newest = transcript;
    this.#id = id;
  }

  settle(segmentId: number): void {
    this.#settledUpTo = Math.max(this.#settledUpTo, segmentId);
    if (this.#newest !== undefined && this.#newest.segmentId <= segmentId) this.#newest = undefined;
  }

  /** Drops the partial, because its segment will not go on. */
  clear(): void {
    this.#newest = undefined;
  }

  /** Drops the partial if the message with this `id` was refused permanently. */
  discard(id: string): void {
    if (this.#id === id) this.#newest = undefined;
  }

  /** The partial to send on a new connection, with this `id`. */
  resendAs(id: string): PartialTranscript | undefined {
    this.#id = id;
    return this.#newest;
  }
}
