import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@parley/telemetry';
import { startApy, type ApyChild, type ApyOptions } from './apy-child.ts';

const firstRestartDelayMs = 100;
const maxRestartDelayMs = 5000;
/** A life of this length counts as healthy: the next restart is quick again. */
const healthyMs = 30_000;

/** The pause before a restart, after so many lives in a row that were short. */
function restartDelayMs(shortLives: number): number {
  return Math.min(firstRestartDelayMs * 2 ** Math.max(0, shortLives - 1), maxRestartDelayMs);
}

/** Keeps apertium-apy running: starts it again, with growing pauses, whenever it ends. */
export class ApySupervisor {
  readonly #options: ApyOptions;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #child: ApyChild | undefined;
  #up = Promise.withResolvers<undefined>();
  #supervision: Promise<void> = Promise.resolve();

  private constructor(options: ApyOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Resolves when apertium-apy listens for the first time. Rejects with `TranslatorUnavailableError`: then nothing runs. */
  static async start(options: ApyOptions, logger: Logger): Promise<ApySupervisor> {
    const supervisor = new ApySupervisor(options, logger);
    const child = await startApy(options, supervisor.#closing.signal);
    supervisor.#rise(child);
    supervisor.#supervision = supervisor.#supervise(child);
    return supervisor;
  }

  /** The process that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when it runs; rejects with the signal's reason. */
  async whenUp(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#child !== undefined) return;
    const given = Promise.withResolvers<undefined>();
    const give = (): void => given.reject(signal.reason as Error);
    signal.addEventListener('abort', give, { once: true });
    try {
      await Promise.race([this.#up.promise, given.promise]);
    } finally {
      signal.removeEventListener('abort', give);
    }
  }

  /** Ends the process and its pipelines for good. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#child?.end();
    await this.#supervision;
  }

  async #supervise(child: ApyChild): Promise<void> {
    let shortLives = 0;
    let current: ApyChild | undefined = child;
    while (!this.#isClosing()) {
      const bornAtMs = performance.now();
      await current?.exited;
      this.#child = undefined;
      this.#up = Promise.withResolvers<undefined>();
      if (this.#isClosing()) return;
      shortLives = performance.now() - bornAtMs < healthyMs ? shortLives + 1 : 1;
      const pauseMs = restartDelayMs(shortLives);
      this.#logger.warn({ pauseMs, shortLives }, 'apertium-apy ended, starting it again');
      current = await this.#restart(pauseMs);
    }
    await current?.end();
  }

  async #restart(pauseMs: number): Promise<ApyChild | undefined> {
    const { signal } = this.#closing;
    try {
      await delay(pauseMs, undefined, { signal });
      const child = await startApy(this.#options, signal);
      this.#rise(child);
      return child;
    } catch (error) {
      if (!signal.aborted) this.#logger.error({ err: error }, 'apertium-apy could not be started again');
      return undefined;
    }
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #rise(child: ApyChild): void {
    this.#child = child;
    this.#up.resolve(undefined);
    this.#logger.info({ apyPid: child.pid }, 'apertium-apy runs');
  }
}
