import type { ServerMessage } from '@parley/protocol';

const openingReplies: ReadonlySet<string> = new Set(['session.started', 'session.resumed', 'session.joined']);

/**
 * Whether the server has reported the session as paused, over all connections. On a new connection it says so right after its
 * first reply, or not at all: then any other message shows that the session goes on.
 */
export class ReportedPause {
  #isPaused = false;
  #isInDoubt = false;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /**
   * The session was opened on a connection.
   *
   * @returns whether the pause may have ended meanwhile; the reply to a ping shows it at the latest
   */
  opened(): boolean {
    return (this.#isInDoubt = this.#isPaused);
  }

  /** @returns the message if it must be reported, and before it the end of a pause that it reveals */
  received(message: ServerMessage): ServerMessage[] {
    const { type } = message;
    if (type === 'session.paused' || type === 'session.unpaused') {
      const isNews = this.#isPaused !== (type === 'session.paused');
      this.#isPaused = type === 'session.paused';
      this.#isInDoubt = false;
      return isNews ? [message] : [];
    }
    if (!this.#isInDoubt || openingReplies.has(type)) return [message];
    this.#isInDoubt = this.#isPaused = false;
    return [{ type: 'session.unpaused' }, message];
  }
}
