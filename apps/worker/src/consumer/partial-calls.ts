import type { CancelledCall, SlotName } from '@parley/state';

/** A call on a partial, from the exchange of its ticket to its end. */
export interface PartialCall extends Disposable {
  /** Aborted when nobody wants its result any more. */
  readonly unwanted: AbortSignal;
  /** Says which text it is about. A cancel of that text may have been there first. */
  isAbout(digest: string): void;
  /** @returns whether this ended it */
  cancel(): boolean;
}

class RegisteredCall implements PartialCall {
  readonly #abort = new AbortController();
  readonly #end: (call: RegisteredCall) => void;
  readonly #cancelled = new Set<string>();
  #digest: string | undefined;

  constructor(end: (call: RegisteredCall) => void) {
    this.#end = end;
  }

  get unwanted(): AbortSignal {
    return this.#abort.signal;
  }

  isAbout(digest: string): void {
    this.#digest = digest;
    if (this.#cancelled.has(digest)) this.cancel();
  }

  /** @returns whether this ended it */
  cancelText(digest: string): boolean {
    if (this.#digest === undefined) this.#cancelled.add(digest);
    return this.#digest === digest && this.cancel();
  }

  cancel(): boolean {
    if (this.unwanted.aborted) return false;
    this.#abort.abort();
    return true;
  }

  [Symbol.dispose](): void {
    this.#end(this);
  }
}

/** The calls on partials that a thread has under way, so that a cancel finds them. */
export class PartialCalls {
  readonly #bySlot = new Map<string, Set<RegisteredCall>>();

  /** Before the ticket is exchanged: from that moment on a cancel may come. */
  begin(slot: SlotName): PartialCall {
    const name = nameOf(slot);
    const calls = this.#bySlot.get(name) ?? new Set();
    this.#bySlot.set(name, calls);
    const begun = new RegisteredCall((ended) => {
      calls.delete(ended);
      if (calls.size === 0 && this.#bySlot.get(name) === calls) this.#bySlot.delete(name);
    });
    calls.add(begun);
    return begun;
  }

  /** @returns how many calls this ended */
  cancel({ digest, ...slot }: CancelledCall): number {
    const calls = this.#bySlot.get(nameOf(slot)) ?? new Set();
    return [...calls].filter((call) => call.cancelText(digest)).length;
  }
}

function nameOf({ sessionId, segmentId, target }: SlotName): string {
  return `${sessionId}/${segmentId}/${target}`;
}
