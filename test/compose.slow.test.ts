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

/** Compose pulls the proxy's image, unless the machine has it. */
const hasProxy =
  hasDocker &&
  spawnSync('docker', 'compose --profile scale pull --quiet --policy missing scale'.split(' '), {
    cwd: root,
    timeout: 300_000,
  }).status === 0;
if (hasDocker && !hasProxy) console.warn('several edges are not run: the image of the proxy cannot be pulled');

const readme = readFileSync(`${root}README.md`, 'utf8');
const commands = [...readme.matchAll(/`(docker compose [^`]+)`/g)].map(([, command = '']) => command);

/** `docs/operations.md`, Scaling edges: what is in `.env`, and the command. */
const [, settings = '', scale = ''] =
  /^### Scaling edges\s+```sh\n# \.env\n(.+?)```\s+```\ndocker compose (.+?)\n```/ms.exec(
    readFileSync(`${root}docs/operations.md`, 'utf8'),
  ) ?? [];
const scaleEnv: Record<string, string> = {};
for (const [, name = '', value = ''] of settings.matchAll(/^(\w+)='?(.*?)'?$/gm)) scaleEnv[name] = value;

/** Speaks the lines of its input in 20 sessions over the proxy; few enough for one tenant, and too many for one edge by chance. */
const speakers = `
  import { createInterface } from 'node:readline';
  import { startLiveSession } from '@parley/client';
  const start = (_, number) => startLiveSession({
    urls: ['ws://scale:8787'],
    apiKey: process.argv[1],
    sourceLanguage: 'en',
    targetLanguages: ['es'],
    on: { 'translation.final': ({ segmentId, text }) => console.log([number, segmentId, text].join(' ')) },
  });
  const sessions = await Promise.all(Array.from({ length: 20 }, start));
  let segmentId = 0;
  for await (const text of createInterface({ input: process.stdin })) {
    segmentId++;
    await Promise.all(sessions.map((session) => session.sendFinal({ segmentId, text })));
  }
  await Promise.all(sessions.map((session) => session.end()));
`;

function compose(
  parameters: readonly string[],
  input = '',
  environment: NodeJS.ProcessEnv = env,
  timeoutMs = 120_000,
): string {
  return execFileSync('docker', ['compose', ...parameters], {
    cwd: root,
    env: environment,
    input,
    encoding: 'utf8',
    timeout: timeoutMs,
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
  if (hasDocker) compose(['--profile', 'scale', 'down', '--volumes']);
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

(hasProxy ? it : it.skip)(
  'docs/operations.md has a command that starts several edges, and speakers outlive one of them',
  async () => {
    const scaled = { ...env, ...scaleEnv };
    compose(scale.split(' '), '', scaled, startTimeoutMs);
    const edges = compose(['ps', '--quiet', 'edge'], '', scaled).trim().split('\n');
    expect(edges).toHaveLength(Number(/edge=(\d+)/.exec(scale)?.[1]));

    const [, key = ''] = /:(\w+)/.exec(scaleEnv.API_KEYS ?? '') ?? [];
    const run = ['compose', 'exec', '-T', 'worker', 'node', '--input-type=module', '-e', speakers, key];
    const child = spawn('docker', run, { cwd: root, env: scaled, stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'close');
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const say = async (text: string): Promise<string[]> => {
      child.stdin.write(`${text}\n`);
      const results: string[] = [];
      for (let count = 0; count < 20; count++) results.push(String((await lines.next()).value));
      return results.sort();
    };
    const inEach = (pattern: RegExp): unknown[] => Array.from({ length: 20 }, () => expect.stringMatching(pattern));
    try {
      expect(await say('Good morning everyone.')).toEqual(inEach(/^\d+ 1 Buenos días/));
      for (const edge of edges)
        expect(execFileSync('docker', ['logs', edge], { encoding: 'utf8' })).toMatch(/"session started"/);
      execFileSync('docker', ['stop', edges[0] ?? '']);
      expect(await say('Good evening.')).toEqual(inEach(/^\d+ 2 ./));
      child.stdin.end();
      // Nothing was delivered twice.
      expect(await lines.next()).toMatchObject({ done: true });
      expect(await exited).toEqual([0, null]);
    } finally {
      child.stdin.destroy();
      child.kill();
      await exited;
    }
  },
  3_000_000,
);
