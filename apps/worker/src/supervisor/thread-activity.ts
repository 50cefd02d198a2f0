import type { QueueKind } from '@parley/queues';

/** Shared memory in which a thread counts the jobs that it takes; its supervisor reads them even if the thread hangs. */
export type ActivityCells = Int32Array<SharedArrayBuffer>;

const cells = {
  partial: { taken: 0, active: 1 },
  final: { taken: 2, active: 3 },
  'long-final': { taken: 4, active: 5 },
} as const;
const cellCount = 6;

/** Allocates the cells of one thread. */
export function newActivityCells(): ActivityCells {
  return new Int32Array(new SharedArrayBuffer(cellCount * Int32Array.BYTES_PER_ELEMENT));
}

/** The jobs that a thread has taken and not finished yet, by queue. */
export class ThreadActivity {
  readonly #cells: ActivityCells;

  constructor(activityCells: ActivityCells) {
    this.#cells = activityCells;
  }

  /** The number of jobs taken so far; it may overflow. */
  taken(kind: QueueKind): number {
    return Atomics.load(this.#cells, cells[kind].taken);
  }

  /** The number of jobs in progress. */
  active(kind: QueueKind): number {
    return Atomics.load(this.#cells, cells[kind].active);
  }

  /** Counts a job for as long as its handler runs. */
  counting<Work, Outcome>(kind: QueueKind, handle: (work: Work) => Promise<Outcome>): (work: Work) => Promise<Outcome> {
    const { taken, active } = cells[kind];
    return async (work) => {
      Atomics.add(this.#cells, taken, 1);
      Atomics.add(this.#cells, active, 1);
      try {
        return await handle(work);
      } finally {
        Atomics.sub(this.#cells, active, 1);
      }
    };
  }
}
