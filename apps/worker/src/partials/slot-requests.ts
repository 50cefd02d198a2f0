import type { WorkShare } from '@parley/queues';
import type { CallSlot, CallSlots } from './call-slots.ts';

/** The call slots that one open segment waits for: at most one for each target. */
export class SlotRequests {
  readonly #slots: CallSlots;
  /** How to cancel each request, by target. */
  readonly #waiting = new Map<string, () => void>();

  constructor(slots: CallSlots) {
    this.#slots = slots;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Requests a slot for a call into a language unless one has been requested; `begin` may be called at once. */
  request(target: string, work: WorkShare, begin: (slot: CallSlot) => void): void {
    if (this.#waiting.has(target)) return;
    this.#waiting.set(target, () => undefined);
    const cancel = this.#slots.request(work, (slot) => {
      this.#waiting.delete(target);
      begin(slot);
    });
    if (this.#waiting.has(target)) this.#waiting.set(target, cancel);
  }

  cancelAll(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }
}
