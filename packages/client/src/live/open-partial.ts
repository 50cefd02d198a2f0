import type { PartialTranscript } from '../session.ts';

/**
 * The newest partial of the newest segment, while that has no final: what was being said when a connection was lost.
 * Others are too old to matter: their recogniser goes on with them, or has given them up.
 */
export class OpenPartial {
  #newest: PartialTranscript | undefined;
  #id: string | undefined;
  #settledUpTo = -1;

  /** @param id that of its message, where it was sent */
  said(transcript: PartialTranscript, id: string | undefined): void {
    const { segmentId, revision } = transcript;
    const newest = this.#newest ?? { segmentId: this.#settledUpTo + 1, revision: -1 };
    if (segmentId < newest.segmentId || (segmentId === newest.segmentId && revision < newest.revision)) return;
    this.#newest = transcript;
    this.#id = id;
  }

  /** The segment has its final. */
  settled(segmentId: number): void {
    this.#settledUpTo = Math.max(this.#settledUpTo, segmentId);
    if (this.#newest !== undefined && this.#newest.segmentId <= segmentId) this.#newest = undefined;
  }

  /** The message of this id was refused for good. */
  refused(id: string): void {
    if (this.#id === id) this.#newest = undefined;
  }

  /** What is to be sent on a new connection, under this id. */
  again(id: string): PartialTranscript | undefined {
    this.#id = id;
    return this.#newest;
  }
}
