import { decideSlotCount } from './decide-slot-count.ts';

interface Waiting {
  readonly begin: (slot: Disposable) => void;
  readonly sinceMs: number;
}

/**
 * Limits the concurrent calls at the engine and serves sessions in turn, so that one with many open segments or languages gets
 * no more than its share.
 */
export class CallSlots {
  readonly #now: () => number;
  /** Waiting requests by session; the first session is served next. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  readonly #most: number;
  #limit: number;
  #callsInFlight = 0;

  /**
   * @param most how many calls there may be at once while the thread is not overloaded
   * @param now monotonic clock, in milliseconds
   */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#limit = most;
    this.#now = now;
  }

  /** How many calls there may be at once by now. */
  get limit(): number {
    return this.#limit;
  }

  /** Adapts the limit to how busy the thread's event loop is, see `decideSlotCount`. */
  adapt(utilization: number): void {
    this.#limit = decideSlotCount(this.#limit, { utilization, callsInFlight: this.#callsInFlight }, this.#most);
    this.#serve();
  }

  /**
   * Calls `begin` with a slot as soon as one is free, possibly at once. Disposing the slot frees it.
   *
   * @returns cancels the request if it is still waiting
   */
  request(sessionId: string, begin: (slot: Disposable) => void): () => void {
    const waiting: Waiting = { begin, sinceMs: this.#now() };
    const ofSession = this.#waiting.get(sessionId) ?? new Set();
    ofSession.add(waiting);
    this.#waiting.set(sessionId, ofSession);
    this.#serve();
    return () => {
      if (ofSession.delete(waiting) && ofSession.size === 0) this.#waiting.delete(sessionId);
    };
  }

  /** Returns another slot for a session that has one already, if one is free and no request waits. */
  tryTake(): Disposable | undefined {
    if (this.#waiting.size > 0 || this.#callsInFlight >= this.#limit) return undefined;
    this.#callsInFlight++;
    return this.#slot();
  }

  /** How long the oldest request has been waiting, in milliseconds; `undefined` if there is none. */
  oldestWaitMs(): number | undefined {
    // The first request of each session is its oldest.
    const since = [...this.#waiting.values()].flatMap(([first]) => first?.sinceMs ?? []);
    return since.length === 0 ? undefined : this.#now() - Math.min(...since);
  }

  waitingSessions(): string[] {
    return [...this.#waiting.keys()];
  }

  #serve(): void {
    while (this.#callsInFlight < this.#limit) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const [sessionId, ofSession] = next;
      const [first] = ofSession;
      this.#waiting.delete(sessionId);
      if (first === undefined) continue;
      ofSession.delete(first);
      // Moves the session to the end.
      if (ofSession.size > 0) this.#waiting.set(sessionId, ofSession);
      this.#callsInFlight++;
      first.begin(this.#slot());
    }
  }

  #slot(): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#callsInFlight--;
        this.#serve();
      },
    };
  }
}
