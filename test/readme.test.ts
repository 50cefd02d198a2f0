import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from './harness/index.ts';

const root = resolve(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const timeoutMs = 60_000;

const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);
const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));
/** A recorded talk takes a minute. */
const faster = (command: string): string => command.replace(/parley replay.*/, '$& --speed 20');
/** Commands that other tests run: test/up.test.ts the first, and you the second. */
const runElsewhere = ['npm start', 'npm test'];

describe('README.md', () => {
  let stack: TestStack;
  let folder: string;
  beforeAll(async () => {
    stack = await startStack();
    // Inside the clone, where the examples find its packages.
    await mkdir(join(root, '.parley/test'), { recursive: true });
    folder = await mkdtemp(join(root, '.parley/test/readme-'));
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  const run = async (program: string, ...parameters: string[]): Promise<string> => {
    const env = { ...process.env, PARLEY_URL: stack.streamUrl() };
    const { stdout } = await promisify(execFile)(program, parameters, { cwd: root, env, timeout: timeoutMs });
    return stdout;
  };

  it.each(commands.filter((command) => !runElsewhere.includes(command)))(
    'shows a command that works: %s',
    async (command) => {
      expect(await run('bash', '-c', faster(command))).toMatch(/\[es\]/);
    },
  );

  it.each(blocks('js').map((code, index) => [index + 1, code] as const))(
    'shows an example that works: %i',
    async (index, code) => {
      const file = join(folder, `example-${index}.mjs`);
      await writeFile(file, code.replaceAll('ws://127.0.0.1:8787/v1/stream', stack.streamUrl()));
      expect(await run(process.execPath, file)).toMatch(/translation\.final[^]*\[(es|ca)\] Good morning everyone\./);
    },
  );
});
