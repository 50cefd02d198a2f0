import type { ServerMessage } from '@parley/protocol';

/**
 * Finals that the server has not answered. `transcript.accepted` names a segment, not a message, so if several
 * finals of one segment are in flight, replies are matched in sending order.
 */
export class UnansweredFinals {
  readonly #segments = new Map<string, number>();
  #lastReply: ServerMessage | undefined;

  add(segmentId: number, id: string): void {
    this.#segments.set(id, segmentId);
  }

  /** Whether this message accepts the final sent with `id`. Must be called for each pending final, oldest first. */
  tryAccept(id: string, message: ServerMessage): boolean {
    if (message.type === 'error' && message.causedBy === id) this.remove(id);
    if (message.type !== 'transcript.accepted' || message === this.#lastReply) return false;
    if (this.#segments.get(id) !== message.segmentId) return false;
    this.#lastReply = message;
    return this.#segments.delete(id);
  }

  /** Call when the wait for the reply has ended. */
  remove(id: string): void {
    this.#segments.delete(id);
  }
}
