import { setTimeout as sleep } from 'node:timers/promises';
import type { Child, ChildExit } from '../machine/child.ts';
import { restartDelayMs } from './restart-policy.ts';

export interface Supervision<Ready> {
  readonly name: string;
  /** Starts the process; `previous` is what an earlier one said when it was ready, so that the port stays the same. */
  readonly start: (previous: Ready | undefined) => Promise<Child<Ready>>;
  /** Once aborted, nothing is started again. */
  readonly signal: AbortSignal;
  /** How long it may take to stop before it is killed. */
  readonly stopTimeoutMs: number;
  /** Shows a line to the person at the terminal. */
  readonly say: (line: string) => void;
  /** Called after each start, restarts included. */
  readonly onStarted: (child: Child<Ready>) => void;
  /** Called once it has ended too often to be started again. */
  readonly onGivenUp: (error: Error) => void;
}

/** A process that is started again when it ends by itself. */
export class SupervisedProcess<Ready> implements AsyncDisposable {
  readonly #supervision: Supervision<Ready>;
  readonly #stopped = new AbortController();
  /** Everything stops, or this one. */
  readonly #stopping: AbortSignal;
  readonly #endedAtMs: number[] = [];
  #child: Child<Ready>;
  #watch: Promise<void>;

  /** @throws ChildError where the first start does not succeed */
  static async start<Ready>(supervision: Supervision<Ready>): Promise<SupervisedProcess<Ready>> {
    return new SupervisedProcess(supervision, await supervision.start(undefined));
  }

  private constructor(supervision: Supervision<Ready>, child: Child<Ready>) {
    this.#supervision = supervision;
    this.#stopping = AbortSignal.any([supervision.signal, this.#stopped.signal]);
    this.#child = child;
    supervision.onStarted(child);
    this.#watch = this.#watchOver();
  }

  get ready(): Ready {
    return this.#child.ready;
  }

  /** Stops it for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#child.stop(this.#supervision.stopTimeoutMs);
    await this.#watch;
  }

  async #watchOver(): Promise<void> {
    const { name, say, start, onStarted, onGivenUp } = this.#supervision;
    let exit = await this.#child.exited;
    while (!this.#stopping.aborted) {
      this.#endedAtMs.push(Date.now());
      const delayMs = restartDelayMs(this.#endedAtMs, Date.now());
      const what = `${name} ended by itself (${exit.signal ?? `status ${exit.code ?? '?'}`})`;
      if (delayMs === undefined) {
        onGivenUp(new Error([`${what} too often`, ...this.#child.lastLines().map((line) => `  ${line}`)].join('\n')));
        return;
      }
      say(`${what}; starting it again.`);
      const stopped = await sleep(delayMs, false, { signal: this.#stopping }).catch(() => true);
      if (stopped) return;
      exit = await this.#again(start, onStarted, say);
    }
  }

  async #again(
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
