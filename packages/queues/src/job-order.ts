import { FairShares, type WorkShare } from './fair-shares.ts';

/** Jobs of sessions of the class `bulk` come after all live ones: the scripts add this to their priority. */
const bulkPriority = 2 ** 20;
const maxSteps = bulkPriority / 2 - 1;

/** Whether a job is behind others of its own session, so that its wait says nothing about the load. */
export function isBehindOwn(priority: number): boolean {
  return priority % 2 === 1;
}

/**
 * The order of the jobs of a queue: translates fair shares into the priorities of BullMQ, which are whole numbers below 2^21 (0
 * is served first). The lowest bit is set for jobs behind others of their own session.
 *
 * Each edge counts the work that it accepts itself, which needs no command of Redis. What they have in common is the virtual
 * time: the smallest priority that is waiting.
 */
export class JobOrder {
  readonly #costPerStep: number;
  readonly #live = new FairShares();
  readonly #bulk = new FairShares();

  /** @param costPerStep jobs within one step of the order are served in the order in which they were added */
  constructor(costPerStep: number) {
    this.#costPerStep = costPerStep;
  }

  /** Returns the priority of a new job, and charges its session. */
  priority(work: WorkShare, isBulk = false): number {
    const place = (isBulk ? this.#bulk : this.#live).place(work);
    const steps = Math.min(Math.floor(place.finish / this.#costPerStep), maxSteps);
    return 2 * steps + (place.isBehindOwn ? 1 : 0) + (isBulk ? bulkPriority : 0);
  }

  /** Advances the virtual time. @param head the smallest priority that is waiting; `undefined`: no job is waiting */
  advance(head: number | undefined): void {
    const isBulk = head !== undefined && head >= bulkPriority;
    if (head === undefined) this.#bulk.idle();
    if (head === undefined || isBulk) this.#live.idle();
    if (head === undefined) return;
    const steps = Math.floor((head % bulkPriority) / 2);
    (isBulk ? this.#bulk : this.#live).served(steps * this.#costPerStep);
  }
}

/** Whether a priority given by a script is that of a session of the class `bulk`. */
export function isBulkPriority(priority: number): boolean {
  return priority >= bulkPriority;
}
