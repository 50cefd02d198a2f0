const everyMs = 50;
/** Less than this is what timers are late by anyway. */
const leastLagMs = 50;

/**
 * For how long the event loop of this thread was blocked, in all: whatever came meanwhile lies unread. Measured by a timer
 * that is late, while somebody wants to know.
 */
class LoopLag {
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #turnAtMs = 0;
  #lostMs = 0;

  /** Total time lost so far, in ms. Only the difference between two readings means something. */
  get lostMs(): number {
    return this.#lostMs + this.#lagMs();
  }

  /** Measures until what it returns is disposed. */
  watch(): Disposable {
    if (this.#watchers++ === 0) {
      this.#turnAtMs = performance.now();
      this.#timer = setInterval(() => this.#turn(), everyMs).unref();
    }
    return {
      [Symbol.dispose]: () => {
        if (--this.#watchers > 0) return;
        this.#turn();
        clearInterval(this.#timer);
      },
    };
  }

  #turn(): void {
    this.#lostMs += this.#lagMs();
    this.#turnAtMs = performance.now();
  }

  #lagMs(): number {
    if (this.#watchers === 0) return 0;
    const lagMs = performance.now() - this.#turnAtMs - everyMs;
    return lagMs < leastLagMs ? 0 : lagMs;
  }
}

/** That of this thread. */
export const loopLag = new LoopLag();
