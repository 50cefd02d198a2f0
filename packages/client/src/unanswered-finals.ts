import type { ServerMessage } from '@parley/protocol';

/**
 * The finals that a server has not answered. `transcript.accepted` names a segment and no message; where two finals of one
 * segment are on their way, the answers come in the order of sending.
 */
export class UnansweredFinals {
  readonly #segments = new Map<string, number>();
  #answer: ServerMessage | undefined;

  sent(segmentId: number, id: string): void {
    this.#segments.set(id, segmentId);
  }

  /** Whether this message accepts the final that was sent under `id`. To be asked for each final, the oldest first. */
  isAnswered(id: string, message: ServerMessage): boolean {
    if (message.type === 'error' && message.causedBy === id) this.over(id);
    if (message.type !== 'transcript.accepted' || message === this.#answer) return false;
    if (this.#segments.get(id) !== message.segmentId) return false;
    this.#answer = message;
    return this.#segments.delete(id);
  }

  /** Nobody waits for an answer any more. */
  over(id: string): void {
    this.#segments.delete(id);
  }
}
