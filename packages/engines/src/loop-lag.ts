const everyMs = 50;
/** Timers are late by less than this anyway. */
const minLagMs = 50;

/**
 * Measures for how long the event loop of this thread was blocked, by how late a timer fires. The timer runs only while
 * somebody watches.
 */
class LoopLag {
  #watchers = 0;
  #timer: NodeJS.Timeout | undefined;
  #measuredAtMs = 0;
  #blockedMs = 0;

  /** Total time for which it was blocked, in ms. Only the difference between two readings means something. */
  get blockedMs(): number {
    return this.#blockedMs + this.#lagMs();
  }

  /** Measures until what it returns is disposed. */
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

/** That of this thread. */
export const loopLag = new LoopLag();
