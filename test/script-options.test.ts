import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const folder = fileURLToPath(new URL('..', import.meta.url));

it.each([
  ['soak', '--seed=abc', '--seed must be a whole number from 0 to 4294967295'],
  ['soak', '--minutes=-1', '--minutes must be a number from 0.1 to 10000'],
  ['soak', '--sessions=0.5', '--sessions must be a whole number from 1 to 10000'],
  ['chaos', '--seed=', '--seed must be a whole number from 0 to 4294967295'],
  ['chaos', '--hostile-sockets=1e9', '--hostile-sockets must be a whole number from 0 to 10000'],
  ['fuzz', '--seconds=0', '--seconds must be a whole number from 1 to 100000'],
  ['fuzz', '--seeds=7', "Unknown option '--seeds'"],
])('`npm run %s -- %s` ends with an error that names the option', (script, option, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, option], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe(`${message}\n`);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
});
