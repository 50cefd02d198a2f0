import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { variables, type Variable } from '@parley/config';
import { environmentHelp } from '../src/environment-help.ts';
import { runParley } from './run-parley.ts';

describe('parley', () => {
  it.each(['translate', 'replay', 'load'])(
    '%s --help shows examples and the variable for the API key',
    async (command) => {
      const { exitCode, stdout } = await runParley([command, '--help']);
      expect(exitCode).toBe(0);
      expect(stdout.join('\n')).toMatch(/PARLEY_API_KEY[^]*Examples:\n {2}\S/);
    },
  );

  it.each([
    [['translate', '--to', 'es'], '--from'],
    [['translate', '--from', 'en', '--to', 'es', '-o', 'x.srt'], '--output'],
    [['translate', 'nowhere.srt', '--to', 'es'], "can't read the subtitles nowhere.srt"],
    [['translate', '--from', 'en', '--to', 'not a language'], 'BCP 47'],
    [['translate', '--from', 'en', '--to', 'es', '--url', 'ftp://x'], 'ws://'],
    [['listen', '--to', 'es'], 'code'],
    [['listen', 'K7QX2M9TFA'], '--to'],
    [['listen', 'not*a*code', '--to', 'es'], 'join code'],
    [['listen', 'K7QX2M9TFA', '--to', 'es', '--url', 'ws://x,ftp://y'], 'ws://'],
    [['replay', 'nowhere.jsonl', '--to', 'es'], 'nowhere.jsonl'],
    [['replay', 'nowhere.jsonl', '--to', 'es', '--speed', 'fast'], 'number from'],
    [['load', '--sessions', '1.5', '--seconds', '1', '--to', 'es'], 'whole number'],
    [['load', '--sessions', '1', '--seconds', '1', '--to', 'es', '--pids', 'edge'], 'NAME=PID'],
    [['usage', '--days', '0'], 'whole number'],
    [['sing'], "unknown command 'sing'"],
  ])('rejects %j as wrong usage', async (args, problem) => {
    const { exitCode, stderr } = await runParley(args);
    expect(stderr).toContain(problem);
    expect(exitCode).toBe(2);
  });

  it('prints the version of the package', async () => {
    const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(manifest) as { version: string };
    expect(await runParley(['--version'])).toEqual({ exitCode: 0, stdout: [version], stderr: '' });
  });

  it('fails with 1 and one line if there is no edge', async () => {
    const args = ['translate', '--from', 'en', '--to', 'es', '--url', 'ws://127.0.0.1:1'];
    const { exitCode, stderr } = await runParley(args, 'hello\n');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^parley: can't connect to ws:\/\/127\.0\.0\.1:1\S*: .*\n$/);
  });

  it('fails with 1 and one line if the port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { exitCode, stderr } = await runParley(['engine', '--translations', 'marked', '--port', String(port)]);
    server.close();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`^parley: .*${port}.*\\n$`));
  });
});

describe('environmentHelp', () => {
  it.each(['up', 'edge', 'worker', 'engine', 'dashboard'] as const)(
    'lists exactly the variables that %s reads',
    (name) => {
      const listed = [...environmentHelp(name).matchAll(/^ {2}([A-Z0-9_]+)$/gm)].map(([, variable]) => variable);
      const all: [string, Variable][] = Object.entries(variables);
      const read = all.filter(([, { readBy }]) => readBy.includes(name));
      expect(listed).toEqual(read.map(([variable]) => variable));
    },
  );

  it('shows the allowed values, the default and the description', () => {
    expect(environmentHelp('edge')).toContain(
      `  LOG_LEVEL\n      ${variables.LOG_LEVEL.description}\n      ${variables.LOG_LEVEL.allowed}; default: info`,
    );
  });
});
