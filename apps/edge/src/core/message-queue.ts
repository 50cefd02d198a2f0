export interface MessageQueueLimits {
  /** Messages that may wait, the one under way included, and their bytes. */
  readonly maxWaitingFrames: number;
  readonly maxWaitingBytes: number;
}

/** What is to be done for one client, one thing after the other. */
export class MessageQueue {
  readonly #limits: MessageQueueLimits;
  #last: Promise<void>;
  #waiting = 0;
  #waitingBytes = 0;

  /** @param first what everything waits for */
  constructor(limits: MessageQueueLimits, first: Promise<void>) {
    this.#limits = limits;
    this.#last = first;
  }

  get isEmpty(): boolean {
    return this.#waiting === 0;
  }

  /** Handles a message when those before it are done; `false` where too many wait already. `handle` must not reject. */
  add(bytes: number, handle: () => Promise<void>): boolean {
    const { maxWaitingFrames, maxWaitingBytes } = this.#limits;
    if (this.#waiting >= maxWaitingFrames || this.#waitingBytes >= maxWaitingBytes) return false;
    this.#waiting++;
    this.#waitingBytes += bytes;
    this.#last = this.#last.then(handle).finally(() => {
      this.#waiting--;
      this.#waitingBytes -= bytes;
    });
    return true;
  }

  /** Does something behind all that waits, whatever the limits. */
  addLast(step: () => Promise<void>): void {
    this.#last = this.#last.then(step);
  }

  /** Resolves when all that has been added so far is done. */
  settled(): Promise<void> {
    return this.#last;
  }
}
