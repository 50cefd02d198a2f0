import type { SentMessage } from '../connection.ts';
import type { CorrectionMessage } from '../correction-message.ts';

/** The corrections that the server has not answered; they are sent again on a new connection, which changes nothing if it has them. */
export class PendingCorrections {
  readonly #corrections = new Map<string, { readonly message: CorrectionMessage; id: string | undefined }>();

  add(message: CorrectionMessage): void {
    this.#corrections.set(message.correctionId, { message, id: undefined });
  }

  /** Call when a correction was answered. */
  remove(correctionId: string): void {
    this.#corrections.delete(correctionId);
  }

  /** The corrections to send now: all of them on a new connection, otherwise those that were not sent yet. */
  *takeSendable(isNewConnection: boolean, nextId: () => string): Iterable<SentMessage> {
    for (const correction of this.#corrections.values()) {
      if (correction.id !== undefined && !isNewConnection) continue;
      correction.id = nextId();
      yield { ...correction.message, id: correction.id };
    }
  }

  /** The correction that was sent with this message `id`. */
  find(id: string): string | undefined {
    return [...this.#corrections].find(([, correction]) => correction.id === id)?.[0];
  }
}
