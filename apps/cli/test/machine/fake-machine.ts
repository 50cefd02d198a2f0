import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../../src/machine/machine.ts';

/** A machine whose PATH is one folder of shell scripts, each of which logs its calls. */
export class FakeMachine implements Disposable {
  readonly lines: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-machine-'));
  readonly #programs = join(this.#folder, 'bin');

  constructor() {
    mkdirSync(this.#programs);
    for (const name of ['env', 'cat', 'touch', 'chmod', 'cp'])
      symlinkSync(`/usr/bin/${name}`, join(this.#programs, name));
  }

  /** Adds a program, given the body of its shell script. */
  program(name: string, body: string): void {
    const path = join(this.#programs, name);
    writeFileSync(path, `#!/bin/sh\necho "$(/usr/bin/basename "$0") $*" >> "$CALLS"\n${body}\n`);
    chmodSync(path, 0o755);
  }

  path(name: string): string {
    return join(this.#programs, name);
  }

  machine(about: Partial<Machine> = {}): Machine {
    return {
      platform: 'linux',
      environment: { PATH: this.#programs, BIN: this.#programs, FOLDER: this.#folder, CALLS: this.#calls },
      isRoot: true,
      hasSystemd: false,
      say: (line) => void this.lines.push(line),
      ...about,
    };
  }

  /** Returns the calls of all programs, in order. */
  async calls(): Promise<readonly string[]> {
    return (await readFile(this.#calls, 'utf8')).trimEnd().split('\n');
  }

  get folder(): string {
    return this.#folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #calls(): string {
    return join(this.#folder, 'calls');
  }
}

/** Returns the script of a server that prints its version as Redis does. */
export const redis = (version: string): string => `echo "Redis server v=${version} sha=00000000:0 malloc=libc bits=64"`;

interface Apt {
  readonly packages: readonly string[];
  readonly installScript: string;
  /** Whether the package lists exist from the start. */
  readonly hasLists?: boolean;
}

/**
 * Adds an apt-cache that knows the packages once the lists exist, and an apt-get that creates the lists (`update`) and runs
 * `installScript` (`install`).
 */
export function addApt(fake: FakeMachine, { packages, installScript, hasLists = false }: Apt): void {
  if (hasLists) writeFileSync(join(fake.folder, 'lists'), '');
  const blocks = packages.map((name) => `printf '${name}:\\n  Installed: (none)\\n  Candidate: 1.0\\n'`).join('\n  ');
  fake.program('apt-cache', `if [ -e "$FOLDER/lists" ]; then\n  :\n  ${blocks}\nfi`);
  fake.program('apt-get', `case "$*" in\n*update*) touch "$FOLDER/lists" ;;\n*install*)\n${installScript}\n ;;\nesac`);
}

/** Returns a script that creates a program, as installing its package does. */
export const createProgram = (name: string, body: string): string =>
  `cat > "$BIN/${name}" <<'END'\n#!/bin/sh\n${body}\nEND\nchmod 755 "$BIN/${name}"`;
