import type { WaitOptions } from '../await-reply.ts';
import { DeadlineError } from '../errors.ts';

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** Pending waits by key; any number per key, each with its own timeout and signal. */
export class Waiters<Key, Value> {
  readonly #awaited: string;
  readonly #waiters = new Map<Key, Set<Waiter<Value>>>();

  /** @param awaited what the waits are for; part of the timeout error's text */
  constructor(awaited: string) {
    this.#awaited = awaited;
  }

  /** The number of keys with pending waits. */
  get size(): number {
    return this.#waiters.size;
  }

  /** @throws DeadlineError, the signal's reason, or the error that the wait is rejected with */
  wait(key: Key, { timeoutMs, signal }: WaitOptions): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const release = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        const waiters = this.#waiters.get(key);
        waiters?.delete(waiter);
        if (waiters?.size === 0) this.#waiters.delete(key);
      };
      const waiter: Waiter<Value> = {
        resolve: (value) => {
          release();
          resolve(value);
        },
        reject: (error) => {
          release();
          reject(error);
        },
      };
      const timer = setTimeout(() => {
        waiter.reject(new DeadlineError(this.#awaited, timeoutMs));
      }, timeoutMs);
      const onAbort = (): void => {
        waiter.reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      const waiters = this.#waiters.get(key) ?? new Set();
      this.#waiters.set(key, waiters.add(waiter));
    });
  }

  resolve(key: Key, value: Value): void {
    for (const waiter of this.#remove(key)) waiter.resolve(value);
  }

  reject(key: Key, error: Error): void {
    for (const waiter of this.#remove(key)) waiter.reject(error);
  }

  rejectAll(error: Error): void {
    for (const key of [...this.#waiters.keys()]) this.reject(key, error);
  }

  #remove(key: Key): Waiter<Value>[] {
    const waiters = [...(this.#waiters.get(key) ?? [])];
    this.#waiters.delete(key);
    return waiters;
  }
}
