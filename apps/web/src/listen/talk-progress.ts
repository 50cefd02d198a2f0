import type { ServerMessage } from '@parley/client';
import type { TalkStatus } from './talk-status.ts';

/** What the messages of a talk tell about it, over all connections and, in a room, over all talks. No I/O. */
export class TalkProgress {
  #sessionId: string | undefined;
  #hasEnded = false;
  #isPaused = false;
  readonly #degraded = new Set<string>();

  /** Whether any talk was joined. */
  get hasJoined(): boolean {
    return this.#sessionId !== undefined;
  }

  /** Whether a talk was joined that has not ended. */
  get isUnderWay(): boolean {
    return this.hasJoined && !this.#hasEnded;
  }

  /** The reasons for reduced service. */
  get degraded(): readonly string[] {
    return [...this.#degraded];
  }

  /** The state of a talk that is under way, while the connection is open. */
  get state(): TalkStatus {
    return { kind: this.#isPaused ? 'paused' : 'live' };
  }

  /**
   * A new listener joins, which hears of a pause that lasts. One that comes back after a loss hears only whether the pause has
   * ended meanwhile.
   */
  joining(): void {
    this.#isPaused = false;
  }

  receive(message: ServerMessage): void {
    if (message.type === 'session.paused') this.#isPaused = true;
    if (message.type === 'session.unpaused') this.#isPaused = false;
    if (message.type === 'session.joined') this.#joined(message.sessionId);
    if (message.type === 'session.degraded') this.#degraded.add(message.reason);
    if (message.type === 'session.recovered') this.#degraded.delete(message.reason);
    if (message.type === 'session.ended') this.#hasEnded = true;
  }

  /** For a while, the code of a room still leads to the talk that has just ended. */
  #joined(sessionId: string): void {
    if (sessionId !== this.#sessionId) this.#hasEnded = false;
    this.#sessionId = sessionId;
    // They are announced again after each join.
    this.#degraded.clear();
  }
}
