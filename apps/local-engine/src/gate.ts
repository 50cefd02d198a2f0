/** A finished reply that is kept from its client until somebody releases it. */
export interface HeldReply {
  readonly id: string;
  readonly target: string;
  /** The text that was to be translated. */
  readonly text: string;
}

interface Waiting {
  readonly reply: HeldReply;
  readonly letGo: () => void;
  readonly sent: Promise<void>;
}

interface Watcher {
  readonly count: number;
  readonly notify: () => void;
}

/**
 * Holds replies back and releases them on command, so that a test decides in which order they arrive. Open at first.
 */
export class Gate {
  #holding = false;
  readonly #waiting = new Map<string, Waiting>();
  readonly #watchers = new Set<Watcher>();

  /** From now on replies are held, or pass. Those that are held already stay held. */
  hold(on: boolean): void {
    this.#holding = on;
  }

  /** What is held, in the order of arrival. */
  held(): HeldReply[] {
    return [...this.#waiting.values()].map(({ reply }) => reply);
  }

  /**
   * Resolves when the reply may be sent.
   *
   * @param sent resolves when the reply is with the client, or the client is gone
   * @param signal takes a held reply out; the promise rejects with its reason
   */
  async pass(reply: HeldReply, sent: Promise<void>, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#holding) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const takeOut = (): void => {
      this.#waiting.delete(reply.id);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', takeOut, { once: true });
    this.#waiting.set(reply.id, { reply, sent, letGo: () => resolve(undefined) });
    for (const watcher of this.#watchers) if (this.#waiting.size >= watcher.count) watcher.notify();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', takeOut);
    }
  }

  /** Resolves when at least `count` replies are held; rejects with the signal's reason. */
  async whenHeld(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#waiting.size >= count) return;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const watcher = { count, notify: () => resolve(undefined) };
    const give = (): void => reject(signal.reason as Error);
    this.#watchers.add(watcher);
    signal.addEventListener('abort', give, { once: true });
    try {
      await promise;
    } finally {
      this.#watchers.delete(watcher);
      signal.removeEventListener('abort', give);
    }
  }

  /**
   * Releases held replies one after the other: the next one starts when the one before is sent.
   *
   * @returns the ids that were released; unknown ones are left out
   */
  async release(ids: readonly string[]): Promise<string[]> {
    const released: string[] = [];
    for (const id of ids) {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) continue;
      this.#waiting.delete(id);
      waiting.letGo();
      released.push(id);
      await waiting.sent;
    }
    return released;
  }

  /** Stops holding and lets everything go at once. */
  open(): void {
    this.#holding = false;
    for (const { letGo } of this.#waiting.values()) letGo();
    this.#waiting.clear();
  }
}
