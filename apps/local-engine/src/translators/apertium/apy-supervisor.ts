import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@parley/telemetry';
import { startApy, type ApyChild, type ApyOptions } from './apy-child.ts';

const firstRestartDelayMs = 100;
const maxRestartDelayMs = 5000;
/** After a run of this length, the restart delay is reset. */
const minHealthyRunMs = 30_000;

/** Returns the delay before a restart after this number of consecutive short runs. */
function restartDelayMs(shortRuns: number): number {
  return Math.min(firstRestartDelayMs * 2 ** Math.max(0, shortRuns - 1), maxRestartDelayMs);
}

/** Restarts apertium-apy with growing delays whenever it exits. */
export class ApySupervisor {
  readonly #options: ApyOptions;
  readonly #logger: Logger;
  readonly #closing = new AbortController();
  #child: ApyChild | undefined;
  #running = Promise.withResolvers<undefined>();
  #supervision: Promise<void> = Promise.resolve();

  private constructor(options: ApyOptions, logger: Logger) {
    this.#options = options;
    this.#logger = logger;
  }

  /** Resolves when apertium-apy listens for the first time. Rejects with `TranslatorUnavailableError`; nothing runs then. */
  static async start(options: ApyOptions, logger: Logger): Promise<ApySupervisor> {
    const supervisor = new ApySupervisor(options, logger);
    const child = await startApy(options, supervisor.#closing.signal);
    supervisor.#setRunning(child);
    supervisor.#supervision = supervisor.#supervise(child);
    return supervisor;
  }

  /** The id of the current process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when apertium-apy is running; rejects with the signal's reason. */
  async untilRunning(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#child !== undefined) return;
    const given = Promise.withResolvers<undefined>();
    const onAbort = (): void => given.reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#running.promise, given.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Stops the process and its pipelines permanently. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#child?.end();
    await this.#supervision;
  }

  async #supervise(child: ApyChild): Promise<void> {
    let shortRuns = 0;
    let current: ApyChild | undefined = child;
    while (!this.#isClosing()) {
      const startedAtMs = performance.now();
      await current?.exited;
      this.#child = undefined;
      this.#running = Promise.withResolvers<undefined>();
      if (this.#isClosing()) return;
      shortRuns = performance.now() - startedAtMs < minHealthyRunMs ? shortRuns + 1 : 1;
      const pauseMs = restartDelayMs(shortRuns);
      this.#logger.warn({ pauseMs, shortRuns }, 'apertium-apy exited; restarting');
      current = await this.#restart(pauseMs);
    }
    await current?.end();
  }

  async #restart(pauseMs: number): Promise<ApyChild | undefined> {
    const { signal } = this.#closing;
    try {
      await delay(pauseMs, undefined, { signal });
      const child = await startApy(this.#options, signal);
      this.#setRunning(child);
      return child;
    } catch (error) {
      if (!signal.aborted) this.#logger.error({ err: error }, 'restarting apertium-apy failed');
      return undefined;
    }
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  #setRunning(child: ApyChild): void {
    this.#child = child;
    this.#running.resolve(undefined);
    this.#logger.info({ apyPid: child.pid }, 'apertium-apy started');
  }
}
