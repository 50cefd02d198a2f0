import type { Logger } from '@parley/telemetry';
import type { EngineTroubles } from './engine-watch.ts';

interface Down {
  /** When the log was told last, first of the trouble and then by reminders. */
  toldAtMs: number;
  readonly sinceMs: number;
  /** Since when it can be used again. */
  upSinceMs: number | undefined;
}

const lookEveryMs = 1000;
const remindEveryMs = 5 * 60_000;
/** An endpoint that goes up and down is told of once. */
const staysUpMs = 10_000;

/**
 * Which endpoints of the engine a worker can't use, out of what its consumers say. The log has a line when one of them can
 * not be used, a reminder every five minutes, and a line when it can again.
 */
export class EngineHealth implements Disposable {
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #troubles = new Map<number, EngineTroubles>();
  readonly #down = new Map<string, Down>();
  readonly #timer: NodeJS.Timeout;

  /** @param now milliseconds since some fixed moment */
  constructor(logger: Logger, now: () => number = () => performance.now()) {
    this.#logger = logger;
    this.#now = now;
    this.#timer = setInterval(() => this.look(), lookEveryMs);
    this.#timer.unref();
  }

  /** What one consumer says now; an empty object where it has no trouble, or is gone. */
  report(consumer: number, troubles: EngineTroubles): void {
    this.#troubles.set(consumer, troubles);
    if (Object.keys(troubles).length === 0) this.#troubles.delete(consumer);
    this.look();
  }

  /** `ok`, or which endpoint can't be used, and why. */
  get condition(): string {
    const all = this.#all();
    return all.size === 0 ? 'ok' : [...all].map(([endpoint, why]) => `${endpoint}: ${why}`).join('; ');
  }

  /** Tells the log what has changed. */
  look(): void {
    const now = this.#now();
    const all = this.#all();
    for (const [endpoint, why] of all) this.#tellDown(endpoint, why, now);
    for (const [endpoint, down] of this.#down) {
      if (all.has(endpoint)) continue;
      down.upSinceMs ??= now;
      if (now - down.upSinceMs < staysUpMs) continue;
      this.#down.delete(endpoint);
      const downMs = Math.round(down.upSinceMs - down.sinceMs);
      this.#logger.info({ endpoint, downMs }, 'an endpoint of the engine can be used again');
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tellDown(endpoint: string, why: string, now: number): void {
    const known = this.#down.get(endpoint);
    if (known !== undefined) known.upSinceMs = undefined;
    if (known !== undefined && now - known.toldAtMs < remindEveryMs) return;
    this.#logger.warn({ endpoint, why }, 'an endpoint of the engine can not be used');
    if (known === undefined) this.#down.set(endpoint, { toldAtMs: now, sinceMs: now, upSinceMs: undefined });
    else known.toldAtMs = now;
  }

  /** The first reason of each endpoint: threads see the same in their own time. */
  #all(): ReadonlyMap<string, string> {
    const all = new Map<string, string>();
    for (const troubles of this.#troubles.values())
      for (const [endpoint, why] of Object.entries(troubles)) if (!all.has(endpoint)) all.set(endpoint, why);
    return all;
  }
}
