import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isAlive, identityOf } from '../../src/machine/process-identity.ts';

interface Entry {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
}

/** Creates a state folder that several runs of `up` may share. */
export function stateFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'parley-up-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs `up` with fake processes, in its own process group. */
export class UpProcess implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly lines: string[] = [];
  readonly exited: Promise<number>;
  readonly #folder: string;
  readonly #events: string;
  readonly #waiting = new Set<() => void>();

  constructor(folder: string, environment: Readonly<Record<string, string>> = {}) {
    this.#folder = folder;
    this.#events = join(folder, 'events');
    this.process = spawn(process.execPath, [fileURLToPath(new URL('run-up.ts', import.meta.url))], {
      env: {
        PATH: process.env.PATH,
        EVENTS: this.#events,
        STATE_FOLDER: folder,
        ENGINE_TRANSLATIONS: 'marked',
        PORT: '0',
        SHUTDOWN_TIMEOUT_MS: '100',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const output of [this.process.stdout, this.process.stderr])
      if (output !== null) createInterface(output).on('line', (line) => this.#read(line));
    this.exited = once(this.process, 'close').then(([code, signal]) => (code as number | null) ?? (signal as never));
  }

  /** Waits for a line that contains the text. */
  async waitForLine(text: string): Promise<void> {
    const ended = this.exited.then(() => {
      throw new Error(`up exited without printing "${text}":\n${this.lines.join('\n')}`);
    });
    while (!this.lines.some((line) => line.includes(text)))
      await Promise.race([new Promise<void>((resolve) => this.#waiting.add(resolve)), ended]);
    ended.catch(() => undefined);
  }

  /** Reads the processes from the run file. */
  running(): readonly Entry[] {
    const path = join(this.#folder, 'run', `${this.process.pid ?? 0}.json`);
    return (JSON.parse(readFileSync(path, 'utf8')) as { processes: Entry[] }).processes;
  }

  find(name: string): Entry {
    const entry = this.running().find((one) => one.name === name);
    if (entry === undefined) throw new Error(`no ${name} is running`);
    return entry;
  }

  /** Returns the events that the fake processes recorded, such as `stop edge`. */
  events(): readonly string[] {
    const lines = existsSync(this.#events) ? readFileSync(this.#events, 'utf8').trimEnd().split('\n') : [];
    return lines.map((line) => line.split(' ').slice(0, 2).join(' '));
  }

  runFiles(): readonly string[] {
    return readdirSync(join(this.#folder, 'run'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    await this.exited;
  }

  #read(line: string): void {
    this.lines.push(line);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Waits until none of the processes is running. */
export async function waitForExits(entries: readonly Entry[]): Promise<void> {
  const identities = entries.filter(({ pid }) => pid > 0).map(({ pid }) => identityOf(pid));
  while (identities.some((identity) => isAlive(identity) && !isZombie(identity.pid)))
    await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Whether the process has exited but its parent has not collected it yet. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
