/** A finished reply that is not sent until it is released. */
export interface HeldReply {
  readonly id: string;
  readonly target: string;
  /** The source text. */
  readonly text: string;
}

interface Waiting {
  readonly reply: HeldReply;
  readonly release: () => void;
  readonly sent: Promise<void>;
}

interface Watcher {
  readonly count: number;
  readonly notify: () => void;
}

/**
 * Holds replies and releases them on command, so that a test controls the order in which they arrive. Initially open.
 */
export class Gate {
  #isHolding = false;
  readonly #waiting = new Map<string, Waiting>();
  readonly #watchers = new Set<Watcher>();

  /** Turns holding on or off. Replies that are already held stay held. */
  hold(on: boolean): void {
    this.#isHolding = on;
  }

  /** Returns the held replies in the order of arrival. */
  held(): HeldReply[] {
    return [...this.#waiting.values()].map(({ reply }) => reply);
  }

  /**
   * Resolves when the reply may be sent.
   *
   * @param sent resolves when the reply has been sent or the client has disconnected
   * @param signal removes a held reply; the promise rejects with its reason
   */
  async pass(reply: HeldReply, sent: Promise<void>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isHolding) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const onAbort = (): void => {
      this.#waiting.delete(reply.id);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.set(reply.id, { reply, sent, release: () => resolve(undefined) });
    for (const watcher of this.#watchers) if (this.#waiting.size >= watcher.count) watcher.notify();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Resolves when at least `count` replies are held; rejects with the signal's reason. */
  async whenHeld(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.size >= count) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const watcher = { count, notify: () => resolve(undefined) };
    const onAbort = (): void => reject(signal.reason as Error);
    this.#watchers.add(watcher);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Releases held replies one after the other, each when the previous one has been sent.
   *
   * @returns the released ids, without unknown ones
   */
  async release(ids: readonly string[]): Promise<string[]> {
    const released: string[] = [];
    for (const id of ids) {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) continue;
      this.#waiting.delete(id);
      waiting.release();
      released.push(id);
      await waiting.sent;
    }
    return released;
  }

  /** Stops holding and releases all replies at once. */
  open(): void {
    this.#isHolding = false;
    for (const { release } of this.#waiting.values()) release();
    this.#waiting.clear();
  }
}
