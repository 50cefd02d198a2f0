import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Most of it is for images that have to be built. */
const startTimeoutMs = 1_200_000;
/** Beside an installation of this machine's user. */
const env = { ...process.env, COMPOSE_PROJECT_NAME: `parley-test-${process.pid}` };
const hasDocker = ['info', 'compose version'].every(
  (command) => spawnSync('docker', command.split(' '), { timeout: 30_000 }).status === 0,
);
if (!hasDocker) console.warn('the containers are not run: this machine has no Docker with Compose');

const readme = readFileSync(`${root}README.md`, 'utf8');
const commands = [...readme.matchAll(/`(docker compose [^`]+)`/g)].map(([, command = '']) => command);

function compose(parameters: readonly string[], input = ''): string {
  return execFileSync('docker', ['compose', ...parameters], {
    cwd: root,
    env,
    input,
    encoding: 'utf8',
    timeout: 120_000,
  });
}

/** Runs a command that stays in the foreground, until Ctrl-C. */
async function whileRunning(command: string, workers: number, use: () => void): Promise<void> {
  // In its own process group, as in a terminal.
  const child = spawn('bash', ['-c', `exec ${command}`], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'close');
  const lines: string[] = [];
  const ready = new Set<string>();
  const isRunning = new Promise<void>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr])
      createInterface(output).on('line', (line) => {
        lines.push(line);
        const [, name = ''] = /^(\S+-\d+) .*"msg":"ready"/.exec(stripVTControlCharacters(line)) ?? [];
        ready.add(name);
        const count = (service: string) => [...ready].filter((known) => known.startsWith(service)).length;
        if (count('edge') === 1 && count('worker') === workers && count('engine') === 1) resolve();
      });
    setTimeout(
      () => reject(new Error(`${command} takes too long:\n${lines.slice(-40).join('\n')}`)),
      startTimeoutMs,
    ).unref();
    void exited.then(() => reject(new Error(`${command} has ended:\n${lines.slice(-40).join('\n')}`)));
  });
  try {
    await isRunning;
    use();
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGINT');
    await exited;
  }
}

afterAll(() => {
  if (hasDocker) compose(['down', '--volumes']);
});

(hasDocker ? it : it.skip)(
  'README.md has commands that start everything in containers',
  async () => {
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      const workers = Number(/worker=(\d+)/.exec(command)?.[1] ?? '1');
      await whileRunning(command, workers, () => {
        const translate = 'node apps/cli/bin/parley.js translate --from en --to es'.split(' ');
        expect(compose(['exec', '-T', 'edge', ...translate], 'Good morning everyone.\n')).toMatch(/Buenos días/);
      });
    }
  },
  3_000_000,
);
