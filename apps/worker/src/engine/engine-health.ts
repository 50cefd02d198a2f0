import type { Logger } from '@parley/telemetry';
import type { EngineTroubles } from './engine-watch.ts';

/** Why an endpoint can't be used, and which consumers can't use it. */
export interface EndpointTrouble {
  readonly why: string;
  readonly consumers: readonly number[];
}

interface Down {
  /** When it was last logged. */
  loggedAtMs: number;
  readonly sinceMs: number;
  /** When it became usable again. */
  upSinceMs: number | undefined;
}

const updateEveryMs = 1000;
const remindEveryMs = 5 * 60_000;
/** An endpoint must be usable for this long before it is logged as recovered, so that a flapping one is logged once. */
const staysUpMs = 10_000;

/**
 * Combines the reports of a worker's consumers about unusable endpoints. Logs when an endpoint becomes unusable, a reminder
 * every five minutes, and its recovery.
 */
export class EngineHealth implements Disposable {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #troubles = new Map<number, EngineTroubles>();
  readonly #down = new Map<string, Down>();
  readonly #timer: NodeJS.Timeout;

  /** @param now monotonic clock, in milliseconds */
  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
    this.#timer = setInterval(() => this.update(), updateEveryMs);
    this.#timer.unref();
  }

  /** Records a consumer's report; an empty object if it has no trouble or has ended. */
  report(consumer: number, troubles: EngineTroubles): void {
    this.#troubles.set(consumer, troubles);
    if (Object.keys(troubles).length === 0) this.#troubles.delete(consumer);
    this.update();
  }

  /** The endpoints that a consumer can't use, with the first reason reported: threads detect the same trouble at different times. */
  get troubles(): ReadonlyMap<string, EndpointTrouble> {
    const all = new Map<string, EndpointTrouble>();
    for (const [consumer, troubles] of this.#troubles) {
      for (const [endpoint, reported] of Object.entries(troubles)) {
        const { why, consumers } = all.get(endpoint) ?? { why: reported, consumers: [] };
        all.set(endpoint, { why, consumers: [...consumers, consumer] });
      }
    }
    return all;
  }

  /** `ok`, or the unusable endpoints with the reasons. */
  get condition(): string {
    const all = this.troubles;
    return all.size === 0 ? 'ok' : [...all].map(([endpoint, { why }]) => `${endpoint}: ${why}`).join('; ');
  }

  /** Logs what has changed. */
  update(): void {
    const now = this.#now();
    const all = this.troubles;
    for (const [endpoint, { why }] of all) this.#logDown(endpoint, why, now);
    for (const [endpoint, down] of this.#down) {
      if (all.has(endpoint)) continue;
      down.upSinceMs ??= now;
      if (now - down.upSinceMs < staysUpMs) continue;
      this.#down.delete(endpoint);
      const downMs = Math.round(down.upSinceMs - down.sinceMs);
      this.#logger.info({ endpoint, downMs }, 'engine endpoint recovered');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #logDown(endpoint: string, why: string, now: number): void {
    const known = this.#down.get(endpoint);
    if (known !== undefined) known.upSinceMs = undefined;
    if (known !== undefined && now - known.loggedAtMs < remindEveryMs) return;
    this.#logger.warn({ endpoint, why }, 'engine endpoint unusable');
    if (known === undefined) this.#down.set(endpoint, { loggedAtMs: now, sinceMs: now, upSinceMs: undefined });
    else known.loggedAtMs = now;
  }
}
