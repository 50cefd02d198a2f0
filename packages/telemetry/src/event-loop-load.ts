import { performance } from 'node:perf_hooks';

const everyMs = 100;

/**
 * Measures ten times a second which share of the time this thread's event loop was busy, from 0 to 1
 * (https://nodejs.org/api/perf_hooks.html#performanceeventlooputilizationutilization1-utilization2).
 */
export class EventLoopLoad implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #before = performance.eventLoopUtilization();

  constructor(onMeasured: (utilization: number) => void) {
    this.#timer = setInterval(() => {
      const now = performance.eventLoopUtilization();
      onMeasured(performance.eventLoopUtilization(now, this.#before).utilization);
      this.#before = now;
    }, everyMs);
    this.#timer.unref();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
