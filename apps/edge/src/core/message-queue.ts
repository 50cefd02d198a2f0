import type { BufferAccount } from '../limits/buffer-budget.ts';

export interface MessageQueueLimits {
  /** Maximum number of queued messages, including the one in progress, and their total size in bytes. */
  readonly maxWaitingFrames: number;
  readonly maxWaitingBytes: number;
}

/** Handles the messages of one client one at a time. */
export class MessageQueue {
  readonly #limits: MessageQueueLimits;
  #last: Promise<void>;
  #waiting = 0;
  #waitingBytes = 0;
  #isCut = false;
  readonly #account: BufferAccount | undefined;

  /**
   * @param first a promise that all messages wait for
   * @param account counts the waiting bytes
   */
  constructor(limits: MessageQueueLimits, first: Promise<void>, account?: BufferAccount) {
    this.#limits = limits;
    this.#last = first;
    this.#account = account;
  }

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  /** Handles a message after those before it; returns `false` if the queue is full. `handle` must not reject. */
  add(bytes: number, handle: () => Promise<void>): boolean {
    const { maxWaitingFrames, maxWaitingBytes } = this.#limits;
    if (this.#isCut) return false;
    if (this.#waiting >= maxWaitingFrames || this.#waitingBytes >= maxWaitingBytes) return false;
    this.#waiting++;
    this.#count(bytes);
    this.#last = this.#last
      .then(() => (this.#isCut ? undefined : handle()))
      .finally(() => {
        this.#waiting--;
        this.#count(-bytes);
      });
    return true;
  }

  /** Accepts no more messages, and drops those that wait. */
  cut(): void {
    this.#isCut = true;
  }

  /** Runs a step after everything queued so far, regardless of the limits. */
  addLast(step: () => Promise<void>): void {
    this.#last = this.#last.then(step);
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#account?.set(this.#waitingBytes);
  }

  /** Resolves when everything added so far is done. */
  idle(): Promise<void> {
    return this.#last;
  }
}
