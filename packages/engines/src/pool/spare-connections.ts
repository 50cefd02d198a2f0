import type { ConnectionPoolOptions } from './connection-pool.ts';
import { createGeneration, type Generation } from './generation.ts';

/** Lifetime of spare connections, and minimum interval between new ones, so that a broken engine is not flooded. */
const keptForMs = 5000;
/** Over HTTP/1.1, also the maximum number of concurrent requests. */
const maxConnections = 4;

/** Additional connections, opened on demand for requests that failed over the current ones. */
export class SpareConnections {
  readonly #options: ConnectionPoolOptions;
  readonly #retire: (generation: Generation) => void;
  #generation: Generation | undefined;
  #end: NodeJS.Timeout | undefined;

  /** @param retire called with spare connections at the end of their lifetime */
  constructor(options: ConnectionPoolOptions, retire: (generation: Generation) => void) {
    this.#options = options;
    this.#retire = retire;
  }

  /** The open spare connections. */
  get generation(): Generation | undefined {
    return this.#generation;
  }

  /**
   * Returns the spare connections, opening them if necessary.
   *
   * @param multiplexed whether the server is known to use HTTP/2
   * @returns `undefined` if the request would have to wait for another to end
   */
  take(multiplexed: boolean): Generation | undefined {
    const generation = (this.#generation ??= this.#begin(multiplexed));
    const { pool, connections } = generation;
    const hasCapacity = multiplexed || generation.multiplexed || pool.stats.running + pool.stats.pending < connections;
    return hasCapacity ? generation : undefined;
  }

  close(): void {
    clearTimeout(this.#end);
  }

  #begin(multiplexed: boolean): Generation {
    const connections = multiplexed ? 1 : Math.min(maxConnections, this.#options.connections);
    const generation = createGeneration({ ...this.#options, connections });
    this.#end = setTimeout(() => {
      this.#generation = undefined;
      this.#retire(generation);
    }, keptForMs).unref();
    return generation;
  }
}
