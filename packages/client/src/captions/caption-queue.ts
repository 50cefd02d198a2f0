import { deferred } from '../deferred.ts';
import { CaptionOverflowError } from '../errors.ts';
import { captionLanguage, isCorrection, type CaptionMessage } from './caption-message.ts';

const maxUnread = 10_000;

/**
 * The captions that one reader has not read yet. Of each segment and language only the newest message is kept, and the
 * newest correction, so a slow reader misses revisions, but no final.
 */
export class CaptionQueue {
  readonly #unread = new Map<string, CaptionMessage>();
  #change = deferred<undefined>();
  #closed: { readonly error: Error | undefined } | undefined;

  push(message: CaptionMessage): void {
    if (this.#closed !== undefined) return;
    const key = `${message.segmentId} ${captionLanguage(message)}${isCorrection(message) ? ' corrected' : ''}`;
    // Deleted first, so that the message is read in its place in the order of arrival.
    this.#unread.delete(key);
    this.#unread.set(key, message);
    if (this.#unread.size > maxUnread) {
      this.#unread.clear();
      this.close(new CaptionOverflowError(maxUnread));
    }
    this.#change.resolve(undefined);
  }

  /** Ends the reading after the unread captions; with this error if there is one. */
  close(error?: Error): void {
    this.#closed ??= { error };
    this.#change.resolve(undefined);
  }

  /**
   * Stops at once when `return` is called, also while `next` waits; that of a generator would wait for the next caption.
   *
   * @throws CaptionOverflowError, or the error that the queue was closed with
   */
  read(): AsyncIterableIterator<CaptionMessage, undefined> {
    const captions = this.#captions();
    return {
      next: () => captions.next(),
      return: () => {
        this.#stop();
        return captions.return(undefined);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#captions(): AsyncGenerator<CaptionMessage, undefined> {
    try {
      for (;;) {
        for (const [key, message] of this.#unread) {
          this.#unread.delete(key);
          yield message;
        }
        if (this.#closed?.error !== undefined) throw this.#closed.error;
        if (this.#closed !== undefined) return;
        this.#change = deferred();
        await this.#change.promise;
      }
    } finally {
      this.#stop();
    }
  }

  /** Keeps nothing any more. */
  #stop(): void {
    this.close();
    this.#unread.clear();
  }

  get isClosed(): boolean {
    return this.#closed !== undefined;
  }
}
