import { errors } from 'undici';
import type { ConnectionPoolOptions, HttpRequest } from './connection-pool.ts';
import { createGeneration, type Generation } from './generation.ts';
import { SpareConnections } from './spare-connections.ts';

/**
 * A generation that was begun less than this ago isn't given up for the next one: its connections are fresh, and a
 * server that ends them all is not to be besieged.
 */
const freshForMs = 1000;
/** Servers and balancers often end connections after an hour, some after a thousand requests. */
const defaultMaxAgeMs = 10 * 60_000;
/** Servers that keep idle connections for less than twice this time lose them in between. */
const minRefreshIntervalMs = 1000;
/** How long a request that only matters for its connection may take, before its connection counts as dead. */
const touchTimeoutMs = 5000;

/** The connections in use, the spare ones, and those that are on their way out. */
export class Generations {
  readonly #options: ConnectionPoolOptions;
  readonly #closing = new AbortController();
  readonly #retiring = new Set<Generation>();
  readonly #spare: SpareConnections;
  #current: Generation;
  #openedBefore = 0;
  #touching: HttpRequest | undefined;
  #refreshing: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
    this.#spare = new SpareConnections(options, (generation) => this.#retire(generation));
    this.#current = this.#begin();
  }

  get current(): Generation {
    return this.#current;
  }

  /** Other connections than the current ones, as long as they can take another request. */
  spare(): Generation {
    if (this.closing) return this.#current;
    return this.#spare.take(this.#current.multiplexed) ?? this.#current;
  }

  get opened(): number {
    return this.#openedBefore + this.#current.opened + (this.#spare.generation?.opened ?? 0);
  }

  get connected(): number {
    return this.#all.reduce((sum, { pool }) => sum + pool.stats.connected, 0);
  }

  get #all(): Generation[] {
    const { generation: spare } = this.#spare;
    return [this.#current, ...(spare === undefined ? [] : [spare]), ...this.#retiring];
  }

  get closing(): boolean {
    return this.#closing.signal.aborted;
  }

  /**
   * From now on connections are used before they go idle, opened again when the server ends them, and replaced when
   * they come of age.
   *
   * @param touch a cheap request
   */
  keepWarm(touch: HttpRequest): void {
    if (this.closing) return;
    this.#touching = touch;
    if (this.#refreshing === undefined) this.#refreshLater();
  }

  /** The next request is to go over a connection that was opened after those of `generation`. */
  abandon(generation: Generation): void {
    if (this.closing || generation !== this.#current || performance.now() - generation.bornAtMs < freshForMs) return;
    this.#replaceBy(this.#begin());
  }

  close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#refreshing);
    this.#spare.close();
    this.#closed ??= this.#destroy();
    return this.#closed;
  }

  /** Connections that the server keeps for a short time only are used that much more often. */
  #refreshLater(): void {
    const idleMs = Math.max(minRefreshIntervalMs, this.#current.keepAliveMs / 2);
    this.#refreshing = setTimeout(
      () => {
        void this.#refresh().finally(() => {
          if (!this.closing) this.#refreshLater();
        });
      },
      Math.min(this.#options.refreshIntervalMs, idleMs),
    ).unref();
  }

  async #refresh(): Promise<void> {
    const generation = this.#current;
    const isOld = performance.now() - generation.bornAtMs >= (this.#options.maxAgeMs ?? defaultMaxAgeMs);
    const next = isOld ? this.#begin() : generation;
    try {
      await next.touchFree(this.#touch());
    } catch {
      // The engine's failures are for the requests that matter. Silence is the connection's: nobody is to wait on it.
      if (next === generation) this.abandon(generation);
      else this.#retire(next);
      return;
    }
    if (next === generation) return;
    if (generation === this.#current) this.#replaceBy(next);
    else this.#retire(next);
  }

  #begin(): Generation {
    const generation = createGeneration(this.#options);
    generation.pool.on('disconnect', (_origin, _targets, error) => {
      if (!isIdle(error)) this.#lost(generation);
    });
    return generation;
  }

  /**
   * An HTTP/2 connection has ended, or takes no more requests. Those to come would wait for the next one to open; and
   * undici lets the first of them wait for everything that the old one still has to answer.
   */
  #lost(generation: Generation): void {
    if (generation !== this.#current || !generation.multiplexed) return;
    this.abandon(generation);
    if (this.#touching !== undefined && !this.closing) this.#current.touch(this.#touch()).catch(() => undefined);
  }

  #touch(): HttpRequest {
    if (this.#touching === undefined) throw new Error('nothing is kept warm yet');
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(touchTimeoutMs)]);
    return { ...this.#touching, signal };
  }

  #replaceBy(next: Generation): void {
    const old = this.#current;
    this.#current = next;
    this.#retire(old);
  }

  /** Its requests are finished first. */
  #retire(generation: Generation): void {
    this.#retiring.add(generation);
    this.#openedBefore += generation.opened;
    generation.pool.close().then(
      () => this.#retiring.delete(generation),
      () => this.#retiring.delete(generation),
    );
  }

  async #destroy(): Promise<void> {
    await Promise.all(this.#all.map(({ pool }) => pool.destroy()));
  }
}

/** undici's own goodbye to a connection that nobody has used for `idleTimeoutMs`. */
function isIdle(error: Error): boolean {
  return error instanceof errors.InformationalError && error.message === 'socket idle timeout';
}
