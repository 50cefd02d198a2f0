import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../../src/machine/machine.ts';

/** A machine whose PATH is one folder of shell scripts; each of them writes down how it was called. */
export class FakeMachine implements Disposable {
  readonly said: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-machine-'));
  readonly #programs = join(this.#folder, 'bin');

  constructor() {
    mkdirSync(this.#programs);
    for (const name of ['env', 'cat', 'touch', 'chmod', 'cp'])
      symlinkSync(`/usr/bin/${name}`, join(this.#programs, name));
  }

  /** Adds a program: the body of a shell script. */
  program(name: string, body: string): void {
    const path = join(this.#programs, name);
    writeFileSync(path, `#!/bin/sh\necho "$(/usr/bin/basename "$0") $*" >> "$CALLS"\n${body}\n`);
    chmodSync(path, 0o755);
  }

  path(name: string): string {
    return join(this.#programs, name);
  }

  /** The machine as the code under test sees it. */
  machine(about: Partial<Machine> = {}): Machine {
    return {
      platform: 'linux',
      environment: { PATH: this.#programs, BIN: this.#programs, FOLDER: this.#folder, CALLS: this.#calls },
      isRoot: true,
      hasSystemd: false,
      say: (line) => void this.said.push(line),
      ...about,
    };
  }

  /** How the programs were called, in order. */
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

/** The script of a server that tells its version as Redis does. */
export const redis = (version: string): string => `echo "Redis server v=${version} sha=00000000:0 malloc=libc bits=64"`;

interface Apt {
  readonly offers: readonly string[];
  /** What `install` does. */
  readonly brings: string;
  /** Whether the lists are there from the start. */
  readonly hasLists?: boolean;
}

/**
 * An apt-cache that knows packages once the lists are there, and an apt-get that brings the lists (update) and the
 * programs (install), as scripts.
 */
export function addApt(fake: FakeMachine, { offers, brings, hasLists = false }: Apt): void {
  if (hasLists) writeFileSync(join(fake.folder, 'lists'), '');
  const blocks = offers.map((name) => `printf '${name}:\\n  Installed: (none)\\n  Candidate: 1.0\\n'`).join('\n  ');
  fake.program('apt-cache', `if [ -e "$FOLDER/lists" ]; then\n  :\n  ${blocks}\nfi`);
  fake.program('apt-get', `case "$*" in\n*update*) touch "$FOLDER/lists" ;;\n*install*)\n${brings}\n ;;\nesac`);
}

/** Makes a program appear, as a package does. */
export const bring = (name: string, body: string): string =>
  `cat > "$BIN/${name}" <<'END'\n#!/bin/sh\n${body}\nEND\nchmod 755 "$BIN/${name}"`;
