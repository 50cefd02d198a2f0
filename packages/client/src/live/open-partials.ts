import type { PartialTranscript } from '../session.ts';

/** As many as an edge takes of one session. */
const maxSegments = 32;

/** The newest partial of each segment that has no final yet: what a server that lost some of them should know. */
export class OpenPartials {
  readonly #newest = new Map<number, PartialTranscript>();

  add(transcript: PartialTranscript): void {
    const { segmentId, revision } = transcript;
    if ((this.#newest.get(segmentId)?.revision ?? -1) > revision) return;
    this.#newest.delete(segmentId);
    this.#newest.set(segmentId, transcript);
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined && this.#newest.size > maxSegments) this.#newest.delete(oldest);
  }

  /** The segment has its final. */
  settled(segmentId: number): void {
    this.#newest.delete(segmentId);
  }

  all(): PartialTranscript[] {
    return [...this.#newest.values()];
  }
}
