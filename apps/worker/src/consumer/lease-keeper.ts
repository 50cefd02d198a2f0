import { leaseMs, type SlotName, type SlotStore } from '@parley/state';

const renewEveryMs = leaseMs / 3;

/**
 * Keeps the lease on a revision alive while its call is at the engine, and ends the call when Redis says that nobody
 * can use its result any more.
 */
export class LeaseKeeper {
  /** Aborted when the call should end: by the caller's signal or because its result is of no use. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(
    slots: Pick<SlotStore, 'renew'>,
    lease: { readonly slot: SlotName; readonly ticket: string; readonly digest: string },
    outer: AbortSignal,
  ) {
    this.signal = AbortSignal.any([outer, this.#abort.signal]);
    this.#timer = setInterval(() => {
      slots.renew(lease.slot, lease.ticket, lease.digest).then(
        (answer) => {
          if (answer === 'cancel') this.#abort.abort();
        },
        () => undefined, // Redis is away: the lease lapses, and the commit decides.
      );
    }, renewEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
