import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessStatus } from './process-status.ts';
import type { ProcessStatusStore } from './process-status-store.ts';

/** How often a process records its status: one call of Redis each time, whatever its load. */
export const reportEveryMs = 3000;
/** How long the end of a process may be delayed by the removal of its status. */
const removalTimeoutMs = 500;

export interface StatusReporterOptions {
  readonly store: Pick<ProcessStatusStore, 'record' | 'remove'>;
  /** A unique name. */
  readonly process: string;
  readonly read: () => Promise<ProcessStatus>;
  readonly isRedisReady: () => boolean;
  readonly onError: (error: unknown) => void;
}

/** Records the status of this process every three seconds, and removes it at the end. */
export class StatusReporter implements AsyncDisposable {
  readonly #options: StatusReporterOptions;
  readonly #timer: NodeJS.Timeout;
  #reporting: Promise<void> | undefined;

  constructor(options: StatusReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#reportUnlessBusy(), reportEveryMs);
    this.#timer.unref();
    this.#reportUnlessBusy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    if (!this.#options.isRedisReady()) return;
    // A report in progress would add it again.
    await Promise.race([this.#remove(), delay(removalTimeoutMs, undefined, { ref: false })]);
  }

  #reportUnlessBusy(): void {
    if (this.#options.isRedisReady()) this.#reporting ??= this.#report().finally(() => (this.#reporting = undefined));
  }

  async #report(): Promise<void> {
    const { store, process, read, onError } = this.#options;
    try {
      await store.record(process, await read());
    } catch (error) {
      onError(error);
    }
  }

  async #remove(): Promise<void> {
    const { store, process, onError } = this.#options;
    try {
      await this.#reporting;
      await store.remove(process);
    } catch (error) {
      onError(error);
    }
  }
}
