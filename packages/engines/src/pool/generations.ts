import { errors } from 'undici';
import type { ConnectionPoolOptions, HttpRequest } from './connection-pool.ts';
import { createGeneration, type Generation } from './generation.ts';
import { SpareConnections } from './spare-connections.ts';

/** A generation younger than this is not replaced, so that a server that closes all connections is not flooded. */
const freshForMs = 1000;
/** Servers and load balancers often close connections after an hour, some after a thousand requests. */
const defaultMaxAgeMs = 10 * 60_000;
/** Connections that a server keeps for less than twice this time are lost between refreshes. */
const minRefreshIntervalMs = 1000;
/** Time-out of a keep-alive request, after which its connection counts as dead. */
const touchTimeoutMs = 5000;

/** The current connections, the spare ones, and those being retired. */
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

  /** Returns spare connections if they can take another request, else the current ones. */
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
   * Keeps connections from becoming idle, reopens those that the server closes, and replaces old ones.
   *
   * @param touch a cheap request
   */
  keepWarm(touch: HttpRequest): void {
    if (this.closing) return;
    this.#touching = touch;
    if (this.#refreshing === undefined) this.#refreshLater();
  }

  /** Replaces the generation, so that the next request uses a connection opened later. */
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

  /** Refreshes more often if the server keeps idle connections only for a short time. */
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
      // Errors of the engine are left to real requests. A connection that does not respond must not be used for them.
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
   * Handles an HTTP/2 connection that ended or accepts no more requests. Without a replacement, new requests would wait for
   * the next connection to open, and undici makes the first of them wait for all responses outstanding on the old one.
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

  /** Closes a generation after its requests have ended. */
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

/** Whether undici closed a connection because it was unused for `idleTimeoutMs`. */
function isIdle(error: Error): boolean {
  return error instanceof errors.InformationalError && error.message === 'socket idle timeout';
}
