import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `parley up` wrote about itself. */
export interface Run {
  readonly pid: number;
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly url: string }[];
}

/** Runs a command that starts Parley, such as `npm start`, in its own process group, as a terminal does. */
export class ParleyStart implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly #lines: string[] = [];
  readonly #screen = Promise.withResolvers<undefined>();

  constructor(command: string, environment: Readonly<Record<string, string>>) {
    this.process = spawn('bash', ['-c', command], {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', WORKER_THREADS: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const output of [this.process.stdout, this.process.stderr])
      if (output !== null)
        createInterface(output).on('line', (line) => {
          this.#lines.push(line);
          if (line.includes('Stop it with Ctrl-C')) this.#screen.resolve(undefined);
        });
    this.exited = once(this.process, 'close').then(([code]) => code as number | null);
    void this.exited.then(() => this.#screen.reject(new Error(`${command} ended:\n${this.text}`)));
  }

  get text(): string {
    return this.#lines.join('\n');
  }

  /** Waits for the screen and returns the running processes. */
  async running(): Promise<Run> {
    await this.#screen.promise;
    const pid = /^ {2}Processes .*\bup (\d+)/m.exec(this.text)?.[1] ?? '';
    return JSON.parse(readFileSync(`${root}.parley/run/${pid}.json`, 'utf8')) as Run;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGTERM');
    await this.exited;
  }
}
