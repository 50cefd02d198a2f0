import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '../..');
const timeoutMs = 180_000;

/** The machine's own Node.js: a user of the package doesn't have the one of this repository. */
export const ownPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

/** An empty project with the client installed from its tarball. */
export interface Project extends AsyncDisposable {
  readonly folder: string;
  write(file: string, text: string): Promise<void>;
  /** Runs a command with the machine's own Node.js, and returns its output. */
  run(command: string, ...parameters: string[]): Promise<string>;
  /** Starts a program with the machine's own Node.js, and these variables. */
  start(file: string, env?: Readonly<Record<string, string>>): Program;
}

export interface Program extends AsyncDisposable {
  /** Resolves with what the program has printed once it matches, or rejects if the program ends before. */
  printed(text: string | RegExp): Promise<string>;
  /** Resolves with all output when the program has ended with status 0. */
  readonly ended: Promise<string>;
}

/** @param packages further packages to install, such as `vite@7.3.8` */
export async function installPackedClient(...packages: string[]): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-sdk-'));
  const project: Project = {
    folder,
    write: (file, text) => writeFile(join(folder, file), text),
    run: async (command, ...parameters) => {
      const env = { PATH: ownPath, HOME: process.env['HOME'] };
      const { stdout, stderr } = await run(command, parameters, { cwd: folder, env, timeout: timeoutMs });
      return stdout + stderr;
    },
    start: (file, env) => startProgram(folder, `node ${file}`, env),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  try {
    const built = join(folder, 'built');
    await run(process.execPath, [join(repository, 'packages/client/scripts/build.ts'), built], { timeout: timeoutMs });
    const tarball = (await project.run('npm', 'pack', '--silent', built)).trim();
    await rm(built, { recursive: true });
    await project.write('package.json', '{ "private": true, "type": "module" }');
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--save-exact'];
    await project.run('npm', 'install', ...flags, `./${tarball}`, ...packages);
    return project;
  } catch (error) {
    await project[Symbol.asyncDispose]();
    throw error;
  }
}

/** Starts a command of the shell in a folder, with the machine's own Node.js and these variables. */
export function startProgram(folder: string, command: string, env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn('bash', ['-c', command], {
    cwd: folder,
    env: { PATH: ownPath, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
  });
  let output = '';
  let look: () => void = () => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      look();
    });
  }
  const ended = new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(`${command} ended with ${status ?? 'a signal'}: ${output}`));
    });
  });
  const printed = async (text: string | RegExp): Promise<string> => {
    const match = (): string | undefined =>
      typeof text === 'string' ? (output.includes(text) ? text : undefined) : text.exec(output)?.[0];
    const found = new Promise<void>((resolve) => {
      look = () => {
        if (match() !== undefined) resolve();
      };
      look();
    });
    await Promise.race([found, ended.then(() => look())]);
    const matched = match();
    if (matched === undefined) throw new Error(`${command} did not print ${String(text)}: ${output}`);
    return matched;
  };
  const stop = async (): Promise<void> => {
    child.kill();
    await ended.catch(() => undefined);
  };
  return { printed, ended, [Symbol.asyncDispose]: stop };
}

/** The examples of the client's README under each heading, with this server and join code. */
export async function readmeExamples(values: { url: string; apiKey: string; joinCode: string }) {
  const readme = await readFile(join(repository, 'packages/client/README.md'), 'utf8');
  return (heading: string): string[] => {
    const section = readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
    return [...section.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) =>
      code
        .replaceAll('ws://127.0.0.1:8787', values.url)
        .replaceAll('YOUR_API_KEY', values.apiKey)
        .replaceAll('JOIN_CODE', values.joinCode),
    );
  };
}
