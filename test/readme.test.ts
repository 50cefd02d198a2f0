import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLiveSpeaker, startStack, type TestStack } from './harness/index.ts';

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
/** The commands in sentences. */
const inSentences = [...readme.matchAll(/`((?:npx|npm|docker) [^`]+)`/g)].map(([, command = '']) => command);
/** Which of them are run where; this file runs the others. */
const inSentencesElsewhere: Readonly<Record<string, string>> = {
  'npm start': 'test/up.test.ts',
  'npx parley': 'a name, not a command',
  'npx parley up --lan': 'test/tutorials/captions-for-sunday.slow.test.ts, with a room',
  'docker compose up':
    'test/compose.slow.test.ts where there is Docker; test/compose.test.ts has what does not need it',
  'docker compose up --scale worker=4': 'likewise',
  'npm run tarball -w @parley/client': 'test/tutorials/captions-in-your-app.slow.test.ts',
};

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

  const runIn = async (cwd: string, program: string, ...parameters: string[]): Promise<string> => {
    const env = { ...process.env, PARLEY_URL: stack.streamUrl() };
    const { stdout } = await promisify(execFile)(program, parameters, { cwd, env, timeout: timeoutMs });
    return stdout;
  };
  const run = (program: string, ...parameters: string[]): Promise<string> => runIn(root, program, ...parameters);

  it.each(commands.filter((command) => !runElsewhere.includes(command)))(
    'shows a command that works: %s',
    async (command) => {
      expect(await run('bash', '-c', faster(command))).toMatch(/\[es\]/);
    },
  );

  it('has commands in its sentences that work', async () => {
    const here = inSentences.filter((command) => !(command in inSentencesElsewhere));
    const [translateFile = '', listen = '', help = '', ...more] = here;
    expect(more).toEqual([]);
    await writeFile(join(folder, 'talk.srt'), '1\n00:00:01,000 --> 00:00:02,000\nGood morning everyone.\n');
    expect(await runIn(folder, 'bash', '-c', translateFile)).toBe('talk.es.srt\n');
    expect(await readFile(join(folder, 'talk.es.srt'), 'utf8')).toContain('[es] Good morning everyone.');
    expect(await run('bash', '-c', help)).toMatch(/^ {2}PORT$/m);
    await using speaker = await startLiveSpeaker([stack.streamUrl()], {
      sourceLanguage: 'en',
      targetLanguages: ['es'],
    });
    const heard = run('bash', '-c', listen.replace('CODE', speaker.session.started.joinCode));
    await speaker.waitForMessage((message) => message.type === 'session.listeners' && message.listeners === 1);
    await speaker.session.sendFinal({ segmentId: 1, text: 'Welcome.' });
    await speaker.end();
    expect(await heard).toBe('es\t[es] Welcome.\n');
  });

  it.each(blocks('js').map((code, index) => [index + 1, code] as const))(
    'shows an example that works: %i',
    async (index, code) => {
      const file = join(folder, `example-${index}.mjs`);
      await writeFile(file, code.replaceAll('ws://127.0.0.1:8787/v1/stream', stack.streamUrl()));
      expect(await run(process.execPath, file)).toMatch(/translation\.final[^]*\[(es|ca)\] Good morning everyone\./);
    },
  );
});
