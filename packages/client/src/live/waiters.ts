import type { Wait } from '../answer.ts';
import { DeadlineError } from '../errors.ts';

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (error: Error) => void;
}

/** What callers wait for, by key: any number of them each, all with a deadline and a signal of their own. */
export class Waits<Key, Value> {
  readonly #awaited: string;
  readonly #waiters = new Map<Key, Set<Waiter<Value>>>();

  /** @param awaited what is awaited, for the error */
  constructor(awaited: string) {
    this.#awaited = awaited;
  }

  /** How many keys are waited for. */
  get size(): number {
    return this.#waiters.size;
  }

  /** @throws DeadlineError, the reason of the signal, or what the wait is rejected with */
  wait(key: Key, { timeoutMs, signal }: Wait): Promise<Value> {
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
    for (const waiter of this.#taken(key)) waiter.resolve(value);
  }

  reject(key: Key, error: Error): void {
    for (const waiter of this.#taken(key)) waiter.reject(error);
  }

  rejectAll(error: Error): void {
    for (const key of [...this.#waiters.keys()]) this.reject(key, error);
  }

  #taken(key: Key): Waiter<Value>[] {
    const waiters = [...(this.#waiters.get(key) ?? [])];
    this.#waiters.delete(key);
    return waiters;
  }
}
