import type { ConnectionPoolOptions } from './connection-pool.ts';
import { createGeneration, type Generation } from './generation.ts';

/** How long they are kept, which is also how often new ones are begun at most: a broken engine is not to be besieged. */
const keptForMs = 5000;
/** Over HTTP/1.1 that is as many requests at once. */
const maxConnections = 4;

/** Connections besides those in use, opened when a request needs them: for what failed over the others. */
export class SpareConnections {
  readonly #options: ConnectionPoolOptions;
  readonly #retire: (generation: Generation) => void;
  #generation: Generation | undefined;
  #end: NodeJS.Timeout | undefined;

  /** @param retire gets those whose time is over */
  constructor(options: ConnectionPoolOptions, retire: (generation: Generation) => void) {
    this.#options = options;
    this.#retire = retire;
  }

  /** Those that are there now. */
  get generation(): Generation | undefined {
    return this.#generation;
  }

  /**
   * @param multiplexed whether the server speaks HTTP/2, as far as it is known
   * @returns `undefined` where a request would have to wait for another's end
   */
  take(multiplexed: boolean): Generation | undefined {
    const generation = (this.#generation ??= this.#begin(multiplexed));
    const { pool, connections } = generation;
    const hasRoom = multiplexed || generation.multiplexed || pool.stats.running + pool.stats.pending < connections;
    return hasRoom ? generation : undefined;
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
