import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isAlive } from '../machine/process-identity.ts';

export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  readonly metricsUrl?: string | undefined;
}

/** `PID.json` in the `run` folder lists the processes of a running `parley up`, for tools that measure it. */
export class RunFile implements Disposable {
  readonly #path: string;
  readonly #processes = new Map<string, RunningProcess>();

  /** Also removes the files of runs that were killed. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    for (const file of readdirSync(folder)) {
      const pid = Number(/^(\d+)\.json$/.exec(file)?.[1]);
      if (pid > 0 && !isAlive(identityOf(pid))) rmSync(join(folder, file), { force: true });
    }
    this.#path = join(folder, `${process.pid}.json`);
    this.#write();
  }

  /** Adds a process or replaces the one with the same name. */
  set(entry: RunningProcess): void {
    this.#processes.set(entry.name, entry);
    this.#write();
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    const content = { pid: process.pid, processes: [...this.#processes.values()] };
    // Renamed into place, so that readers never see a partial file.
    writeFileSync(`${this.#path}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.#path}.new`, this.#path);
  }
}
