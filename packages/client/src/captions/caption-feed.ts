import type { CaptionMessage } from './caption-message.ts';
import { CaptionQueue } from './caption-queue.ts';

/**
 * Distributes the captions of a session to its readers. Those that arrive before the caller has the session are kept
 * for the first reader.
 */
export class CaptionFeed {
  readonly #queues = new Set<CaptionQueue>();
  #early: CaptionQueue | undefined = new CaptionQueue();
  #closed: { readonly error: Error | undefined } | undefined;

  push(message: CaptionMessage): void {
    this.#early?.push(message);
    for (const queue of this.#queues) {
      if (queue.isClosed) this.#queues.delete(queue);
      else queue.push(message);
    }
  }

  read(): AsyncIterableIterator<CaptionMessage> {
    const queue = this.#early ?? new CaptionQueue();
    this.#early = undefined;
    if (this.#closed === undefined) this.#queues.add(queue);
    else queue.close(this.#closed.error);
    return queue.read();
  }

  /** Keeps nothing any more for a reader that is still to come. */
  dropEarly(): void {
    this.#early = undefined;
  }

  close(error: Error | undefined): void {
    this.#closed ??= { error };
    for (const queue of this.#queues) queue.close(error);
    this.#queues.clear();
  }
}
