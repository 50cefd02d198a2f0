interface Waiting {
  readonly begin: (place: Disposable) => void;
  readonly sinceMs: number;
}

/**
 * Limits the concurrent calls at the engine and serves sessions in turn, so that one with many open segments or languages gets
 * no more than its share.
 */
export class EnginePlaces {
  readonly #now: () => number;
  /** Waiting requests by session; the first session is served next. */
  readonly #waiting = new Map<string, Set<Waiting>>();
  #free: number;

  /** @param now monotonic clock, in milliseconds */
  constructor(places: number, now: () => number) {
    this.#free = places;
    this.#now = now;
  }

  /**
   * Calls `begin` with a place as soon as one is free, possibly at once. Disposing the place frees it.
   *
   * @returns cancels the request if it is still waiting
   */
  request(sessionId: string, begin: (place: Disposable) => void): () => void {
    const waiting: Waiting = { begin, sinceMs: this.#now() };
    const ofSession = this.#waiting.get(sessionId) ?? new Set();
    ofSession.add(waiting);
    this.#waiting.set(sessionId, ofSession);
    this.#serve();
    return () => {
      if (ofSession.delete(waiting) && ofSession.size === 0) this.#waiting.delete(sessionId);
    };
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
    while (this.#free > 0) {
      const [next] = this.#waiting;
      if (next === undefined) return;
      const [sessionId, ofSession] = next;
      const [first] = ofSession;
      this.#waiting.delete(sessionId);
      if (first === undefined) continue;
      ofSession.delete(first);
      // Moves the session to the end.
      if (ofSession.size > 0) this.#waiting.set(sessionId, ofSession);
      this.#free--;
      first.begin(this.#place());
    }
  }

  #place(): Disposable {
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#free++;
        this.#serve();
      },
    };
  }
}
