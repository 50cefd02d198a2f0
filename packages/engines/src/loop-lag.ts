const everyMs = 50;
/** Smaller delays of timers are normal. */
const minLagMs = 50;

/** Measures how long the event loop of this thread is blocked, by the delay of a timer. The timer only runs while watched. */
class LoopLag {
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #measuredAtMs = 0;
  #blockedMs = 0;

  /** Cumulative blocked time in milliseconds; only differences are meaningful. */
  get blockedMs(): number {
    return this.#blockedMs + this.#lagMs();
  }

  /** Measures until the result is disposed. */
  watch(): Disposable {
    if (this.#watchers++ === 0) {
      this.#measuredAtMs = performance.now();
      this.#timer = setInterval(() => this.#measure(), everyMs).unref();
    }
    return {
      [Symbol.dispose]: () => {
        if (--this.#watchers > 0) return;
        this.#measure();
        clearInterval(this.#timer);
      },
    };
  }

  #measure(): void {
    this.#blockedMs += this.#lagMs();
    this.#measuredAtMs = performance.now();
  }

  #lagMs(): number {
    if (this.#watchers === 0) return 0;
    const lagMs = performance.now() - this.#measuredAtMs - everyMs;
    return lagMs < minLagMs ? 0 : lagMs;
  }
}

export const loopLag = new LoopLag();
