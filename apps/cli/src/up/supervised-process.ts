import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, ChildExit } from '../machine/child.ts';
import { restartDelayMs } from './restart-policy.ts';

export interface Supervision<Ready> {
  readonly name: string;
  /** Starts the process. `previous` is the address of the previous one, so that a restart keeps the port. */
  readonly start: (previous: Ready | undefined) => Promise<Child<Ready>>;
  /** Prevents restarts once aborted. */
  readonly signal: AbortSignal;
  /** How long the process may take to stop before it is killed. */
  readonly stopTimeoutMs: number;
  /** Prints a line of progress. */
  readonly say: (line: string) => void;
  /** Called after each start, including restarts. */
  readonly onStarted: (child: Child<Ready>) => void;
  /** Called when the process has exited too often to be restarted. */
  readonly onRestartLimit: (error: Error) => void;
}

/** A process that is restarted when it exits unexpectedly. */
export class SupervisedProcess<Ready> implements AsyncDisposable {
  readonly #supervision: Supervision<Ready>;
  readonly #stopped = new AbortController();
  /** Aborted when the whole stack or this process stops. */
  readonly #stopping: AbortSignal;
  readonly #exitedAtMs: number[] = [];
  #child: Child<Ready>;
  #supervisionEnded: Promise<void>;

  /** @throws ChildError if the first start fails */
  static async start<Ready>(supervision: Supervision<Ready>): Promise<SupervisedProcess<Ready>> {
    return new SupervisedProcess(supervision, await supervision.start(undefined));
  }

  private constructor(supervision: Supervision<Ready>, child: Child<Ready>) {
    this.#supervision = supervision;
    this.#stopping = AbortSignal.any([supervision.signal, this.#stopped.signal]);
    this.#child = child;
    supervision.onStarted(child);
    this.#supervisionEnded = this.#superviseLoop();
  }

  get ready(): Ready {
    return this.#child.ready;
  }

  /** Stops the process permanently. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#child.stop(this.#supervision.stopTimeoutMs);
    await this.#supervisionEnded;
  }

  async #superviseLoop(): Promise<void> {
    const { name, say, start, onStarted, onRestartLimit } = this.#supervision;
    let exit = await this.#child.exited;
    while (!this.#stopping.aborted) {
      this.#exitedAtMs.push(Date.now());
      const delayMs = restartDelayMs(this.#exitedAtMs, Date.now());
      const event = `${name} exited unexpectedly (${exit.signal ?? `status ${exit.code ?? '?'}`})`;
      if (delayMs === undefined) {
        onRestartLimit(
          new Error([`${event} too often`, ...this.#child.lastLines().map((line) => `  ${line}`)].join('\n')),
        );
        return;
      }
      say(`${event}; restarting it.`);
      const stopped = await sleep(delayMs, false, { signal: this.#stopping }).catch(() => true);
      if (stopped) return;
      exit = await this.#restart(start, onStarted, say);
    }
  }

  async #restart(
    start: Supervision<Ready>['start'],
    onStarted: Supervision<Ready>['onStarted'],
    say: Supervision<Ready>['say'],
  ): Promise<ChildExit> {
    try {
      const child = await start(this.#child.ready);
      this.#child = child;
      if (this.#stopping.aborted) await child.stop();
      else onStarted(child);
      return await child.exited;
    } catch (error) {
      say(String(error));
      return { code: 1, signal: null };
    }
  }
}
