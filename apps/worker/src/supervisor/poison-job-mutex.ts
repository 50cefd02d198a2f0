/** Where a consumer stands in the process: the turn's memory, shared by all threads, and the consumer's own number. */
export interface MutexSeat {
  /** One cell: the number of who has the turn, or 0. */
  readonly cell: Int32Array<SharedArrayBuffer>;
  /** From 1 on; no other consumer of the process has it. */
  readonly owner: number;
}

/** The memory of one process's turn. */
export function newMutexCell(): MutexSeat['cell'] {
  return new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
}

/** Whose turn it is, in this process, to run a job that has stalled before: one job at a time, over all threads. */
export class PoisonJobMutex {
  readonly #seat: MutexSeat;

  constructor(seat: MutexSeat) {
    this.#seat = seat;
  }

  /** @returns `false` where another job has the turn */
  tryAcquire(): boolean {
    return Atomics.compareExchange(this.#seat.cell, 0, 0, this.#seat.owner) === 0;
  }

  /** Does nothing where the turn is another consumer's. A dead thread's supervisor gives it back in its name. */
  release(): void {
    Atomics.compareExchange(this.#seat.cell, 0, this.#seat.owner, 0);
  }
}
