import type { SentMessage } from '../connection.ts';
import type { CorrectionMessage } from '../correction-message.ts';

/** How many accepted corrections are kept; Redis can only lose its last writes. */
const maxAccepted = 16;

/**
 * The corrections that the server has not answered, and the newest accepted ones, which Redis may have lost with its last writes. They are
 * sent again on a new connection and after `session.resync`, which changes nothing if the server has them.
 */
export class PendingCorrections {
  readonly #pending = new Map<string, { readonly message: CorrectionMessage; id: string | undefined }>();
  #accepted: readonly CorrectionMessage[] = [];
  /** The accepted ones by the message `id` with which they were sent again. */
  #repeated = new Map<string, CorrectionMessage>();

  add(message: CorrectionMessage): void {
    this.#pending.set(message.correctionId, { message, id: undefined });
  }

  /** @returns whether this is the first sign that the correction was accepted */
  accept(correctionId: string): boolean {
    const correction = this.#pending.get(correctionId);
    if (correction === undefined) return !this.#accepted.some((message) => message.correctionId === correctionId);
    this.#pending.delete(correctionId);
    this.#accepted = [...this.#accepted, correction.message].slice(-maxAccepted);
    return true;
  }

  /** The server has lost the session, and with it what was corrected. */
  forgetAccepted(): void {
    this.#accepted = [];
    this.#repeated.clear();
  }

  /** The corrections to send now: all of them after the session was opened, otherwise those that were not sent yet. */
  *takeSendable(isOpened: boolean, nextId: () => string): Iterable<SentMessage> {
    if (isOpened) {
      this.#repeated = new Map(this.#accepted.map((message) => [nextId(), message]));
      for (const [id, message] of this.#repeated) yield { ...message, id };
    }
    for (const correction of this.#pending.values()) {
      if (correction.id !== undefined && !isOpened) continue;
      correction.id = nextId();
      yield { ...correction.message, id: correction.id };
    }
  }

  /**
   * Drops the correction that was sent with this message `id` and refused.
   *
   * @returns its `correctionId`, `accepted` if it had been accepted before, or `undefined` if no correction was sent so
   */
  refuse(id: string): { readonly correctionId: string } | 'accepted' | undefined {
    const repeated = this.#repeated.get(id);
    if (repeated !== undefined) {
      this.#accepted = this.#accepted.filter((message) => message !== repeated);
      return 'accepted';
    }
    const correctionId = [...this.#pending].find(([, correction]) => correction.id === id)?.[0];
    if (correctionId === undefined) return undefined;
    this.#pending.delete(correctionId);
    return { correctionId };
  }
}
