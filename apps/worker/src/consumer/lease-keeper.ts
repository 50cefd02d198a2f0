import { slotLeaseMs, type SlotName, type SlotStore } from '@parley/state';

const renewEveryMs = slotLeaseMs / 3;

/** Keeps the lease on a revision alive while its call is at the engine, and hears when its result is of no use any more. */
export class LeaseKeeper {
  readonly #timer: NodeJS.Timeout;

  constructor(
    slots: Pick<SlotStore, 'renew'>,
    lease: { readonly slot: SlotName; readonly ticket: string; readonly digest: string },
    onUnwanted: () => void,
  ) {
    this.#timer = setInterval(() => {
      slots.renew(lease.slot, lease.ticket, lease.digest).then(
        (answer) => {
          if (answer === 'cancel') onUnwanted();
        },
        () => undefined, // Redis is away: the lease lapses, and the commit decides.
      );
    }, renewEveryMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
