import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const npx = (...parameters: string[]): readonly string[] => ['npx', 'parley', ...parameters];
const screenTimeoutMs = 60_000;

interface Run {
  readonly pid: number;
  readonly processes: readonly { readonly name: string; readonly pid: number; readonly url: string }[];
}

/** Runs `npm start` in its own process group, as a terminal does. */
class Start implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  readonly #lines: string[] = [];
  readonly #screen = Promise.withResolvers<undefined>();

  constructor(environment: Readonly<Record<string, string>>) {
    this.process = spawn('npm', ['start'], {
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
    void this.exited.then(() => this.#screen.reject(new Error(`npm start ended:\n${this.text}`)));
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

async function output(command: readonly string[], input = ''): Promise<string> {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code).toBe(0);
  return text;
}

function streamUrlOf(run: Run): string {
  const edge = run.processes.find(({ name }) => name === 'edge');
  return `ws://${new URL(edge?.url ?? '').host}`;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('npm start', () => {
  it(
    'runs everything on real parts: sentences come back translated, and nothing is left after a Ctrl-C',
    async () => {
      await using start = new Start({});
      const run = await start.running();
      const url = streamUrlOf(run);
      const sentence = 'Good morning everyone.\n';
      const translated = await output(npx('translate', '--from', 'en', '--to', 'es,ca', '--url', url), sentence);
      expect(translated).toMatch(/Buenos días/);
      expect(translated).toMatch(/Bon dia/);
      process.kill(-(start.process.pid ?? 0), 'SIGINT');
      await start.exited;
      for (const { pid } of run.processes) expect(isThere(pid)).toBe(false);
      expect(isThere(run.pid)).toBe(false);
    },
    2 * screenTimeoutMs,
  );

  it(
    'ends with 0 at SIGTERM, and works without a worker process and without Apertium',
    async () => {
      await using start = new Start({ WORKERS: 'inline', ENGINE_TRANSLATIONS: 'marked' });
      const run = await start.running();
      expect(start.text).toContain('SIMULATED');
      const translated = await output(
        npx('translate', '--from', 'en', '--to', 'es', '--url', streamUrlOf(run)),
        'Hello.\n',
      );
      expect(translated).toContain('[es] ');
      start.process.kill('SIGTERM');
      expect(await start.exited).toBe(0);
      for (const { pid } of run.processes) expect(isThere(pid)).toBe(false);
    },
    2 * screenTimeoutMs,
  );

  it(
    'says that the engine which it is given does not answer',
    async () => {
      // The engine profile of another start must not be used.
      await using before = new Start({ ENGINE_TRANSLATIONS: 'marked' });
      await before.running();
      before.process.kill('SIGTERM');
      await before.exited;
      await using start = new Start({ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' });
      await start.running();
      expect(start.text).toMatch(/Engine +gpt-4\.1-mini at 127\.0\.0\.1:1: DOES NOT RESPOND/);
    },
    3 * screenTimeoutMs,
  );
});
