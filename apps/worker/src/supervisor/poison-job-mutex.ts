/** Identifies a consumer to the mutex of its process. */
export interface MutexHandle {
  /** Shared memory: the number of the current owner, or 0. */
  readonly cell: Int32Array<SharedArrayBuffer>;
  /** Number of the consumer, from 1; unique in the process. */
  readonly owner: number;
}

/** Allocates the shared memory of a process's mutex. */
export function newMutexCell(): MutexHandle['cell'] {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Ensures that only one job that has stalled before runs at a time, across all threads of a process. */
export class PoisonJobMutex {
  readonly #mutexHandle: MutexHandle;

  constructor(handle: MutexHandle) {
    this.#mutexHandle = handle;
  }

  /** @returns `false` if another job holds the mutex */
  tryAcquire(): boolean {
    return Atomics.compareExchange(this.#mutexHandle.cell, 0, 0, this.#mutexHandle.owner) === 0;
  }

  /** Releases the mutex if this consumer owns it. The supervisor releases that of a dead thread. */
  release(): void {
    Atomics.compareExchange(this.#mutexHandle.cell, 0, this.#mutexHandle.owner, 0);
  }
}
