import type { WorkShare } from '@parley/queues';
import { EngineCancelledError, type CallCapacity, type TranslationRequest } from '@parley/translation';
import { decideSlotCount, slotsBeside } from './decide-slot-count.ts';
import { FairQueue } from './fair-queue.ts';

/** Permits one call at a time; disposing it frees it. */
export interface CallSlot extends Disposable {
  /**
   * Resolves when the slot may be used for another call: at once if no request waits, otherwise after those that come first.
   *
   * @throws EngineCancelledError if the signal is aborted meanwhile
   */
  nextTurn(work: WorkShare, signal: AbortSignal): Promise<void>;
}

/**
 * How long calls are begun without pause. The slots of many calls may become free at once; if the next ones all began then, finals,
 * which share the event loop, would wait for them.
 */
const maxTurnMs = 2;

interface CallSlotsOptions {
  /** How many calls there may be at once while the thread is not overloaded. */
  readonly maxCalls: number;
  /** Of the engine at present; `undefined` if it makes any number of calls at once. */
  readonly capacity: () => CallCapacity | undefined;
  /** Monotonic clock, in milliseconds. */
  readonly now: () => number;
}

interface Waiting {
  readonly begin: (slot: CallSlot) => void;
  readonly sinceMs: number;
}

/**
 * Limits the concurrent calls for partials at the engine, and keeps capacity free for those for finals. Waiting calls are served by the
 * cost of what their tenants and sessions have asked for, so that one with long texts, many open segments or many languages gets no
 * more than its share.
 */
export class CallSlots {
  readonly #options: CallSlotsOptions;
  readonly #waiting = new FairQueue<Waiting>();
  /** Without regard to what the engine can do at once. */
  #limit: number;
  #callsInFlight = 0;
  /** Calls that the engine is making, by their kind. */
  readonly #atEngine = { partial: 0, final: 0 };
  /** When the first call of this turn of the event loop was begun; `undefined`: none was. */
  #turnBeganAtMs: number | undefined;

  constructor(options: CallSlotsOptions) {
    this.#options = options;
    this.#limit = options.maxCalls;
  }

  /** How many calls there may be at once at present. */
  get limit(): number {
    const capacity = this.#options.capacity();
    if (capacity === undefined) return this.#limit;
    const { partial, final } = this.#atEngine;
    // Calls that were taken over by a final, or that another worker waits for, go on without a slot.
    const withoutSlot = Math.max(0, partial - this.#callsInFlight);
    return Math.min(this.#limit, slotsBeside(capacity, final + withoutSlot));
  }

  /** Adapts the limit to how busy the thread's event loop is, see `decideSlotCount`. */
  adapt(utilization: number): void {
    this.#limit = decideSlotCount(
      this.#limit,
      { utilization, callsInFlight: this.#callsInFlight },
      this.#options.maxCalls,
    );
    this.#serve();
  }

  /**
   * Calls `begin` with a slot as soon as one is free, possibly at once. Disposing the slot frees it.
   *
   * @returns cancels the request if it is still waiting
   */
  request(work: WorkShare, begin: (slot: CallSlot) => void): () => void {
    const cancel = this.#enqueue(work, begin);
    this.#serve();
    return cancel;
  }

  /** Counts a call that the engine makes, until the result is disposed. One for a final waits for no slot, but leaves fewer to partials. */
  countCall(kind: TranslationRequest['kind']): Disposable {
    this.#atEngine[kind]++;
    return {
      [Symbol.dispose]: () => {
        this.#atEngine[kind]--;
        this.#serve();
      },
    };
  }

  /** Returns another slot for a call that has one already, if one is free and no request waits. */
  tryTake(): Disposable | undefined {
    if (!this.#waiting.isEmpty || this.#callsInFlight >= this.limit) return undefined;
    this.#callsInFlight++;
    return this.#slot();
  }

  /** How long the oldest request has been waiting, in milliseconds; `undefined` if there is none. */
  oldestWaitMs(): number | undefined {
    const since = [...this.#waiting.oldest().values()].map(({ sinceMs }) => sinceMs);
    return since.length === 0 ? undefined : this.#options.now() - Math.min(...since);
  }

  waitingSessions(): string[] {
    return [...this.#waiting.oldest().keys()];
  }

  #enqueue(work: WorkShare, begin: (slot: CallSlot) => void): () => void {
    return this.#waiting.add(work, { begin, sinceMs: this.#options.now() });
  }

  #serve(): void {
    while (!this.#waiting.isEmpty && this.#callsInFlight < this.limit && this.#hasTime()) {
      const next = this.#waiting.next();
      if (next === undefined) return;
      this.#callsInFlight++;
      next.begin(this.#slot());
    }
  }

  /** Whether another call may be begun in this turn of the event loop; if not, serving goes on in the next. */
  #hasTime(): boolean {
    const nowMs = this.#options.now();
    if (this.#turnBeganAtMs === undefined) {
      this.#turnBeganAtMs = nowMs;
      setImmediate(() => {
        this.#turnBeganAtMs = undefined;
        this.#serve();
      });
    }
    return nowMs - this.#turnBeganAtMs < maxTurnMs;
  }

  #slot(): CallSlot {
    let release: (() => void) | undefined = () => {
      this.#callsInFlight--;
      this.#serve();
    };
    const free = (): void => {
      const freed = release;
      release = undefined;
      freed?.();
    };
    const nextTurn = async (work: WorkShare, signal: AbortSignal): Promise<void> => {
      if (this.#waiting.isEmpty) return;
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      const cancel = this.#enqueue(work, (slot) => {
        release = () => slot[Symbol.dispose]();
        resolve(undefined);
      });
      const abort = (): void => {
        cancel();
        reject(
          new EngineCancelledError('the call was cancelled while it waited for its turn', { cause: signal.reason }),
        );
      };
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      free();
      try {
        await promise;
      } finally {
        signal.removeEventListener('abort', abort);
      }
    };
    return { [Symbol.dispose]: free, nextTurn };
  }
}
