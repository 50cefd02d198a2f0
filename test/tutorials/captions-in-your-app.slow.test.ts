import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { ParleyStart } from '../harness/parley-start.ts';
import { launchBrowser } from '../pages/browser.ts';
import { ownPath, startProgram } from '../sdk/packed-client.ts';

const clone = fileURLToPath(new URL('../..', import.meta.url));
const tutorial = await readFile(join(clone, 'docs/tutorials/captions-in-your-app.md'), 'utf8');
const commandTimeoutMs = 180_000;

/** The commands of the tutorial, in order. */
const commands = [...tutorial.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block.trim());
const [startParley = '', packClient = '', makeProject = '', startServer = ''] = commands;

/** The code that the tutorial tells to save as this file. */
function fileOf(name: string): string {
  const [, code] = new RegExp(`Save this as \`${name}\`:\\n\\n\`\`\`\\w+\\n(.*?)^\`\`\`$`, 'ms').exec(tutorial) ?? [];
  if (code === undefined) throw new Error(`the tutorial has no ${name}`);
  return code;
}

let folder: string;
let parley: ParleyStart;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-tutorial-'));
  // The tutorial supposes a clone of this name, beside which the project is made.
  await symlink(clone, join(folder, 'parley'));
  parley = new ParleyStart(startParley, { ENGINE_TRANSLATIONS: 'marked' });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await parley[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Runs commands in the clone as its user does: with the machine's own Node.js. */
async function run(block: string): Promise<void> {
  const env = {
    PATH: ownPath,
    HOME: process.env['HOME'],
    npm_config_prefer_offline: 'true',
    npm_config_audit: 'false',
  };
  const script = `cd '${folder}/parley'\n${block}`;
  await promisify(execFile)('bash', ['-euc', script], { env, timeout: commandTimeoutMs });
}

it('docs/tutorials/captions-in-your-app.md has commands and files that make an app that shows captions', async () => {
  expect(commands).toHaveLength(4);
  await run(packClient);
  await run(makeProject);
  const project = join(folder, 'captions-app');
  const edge = (await parley.running()).processes.find(({ name }) => name === 'edge');
  const { host } = new URL(edge?.url ?? '');
  for (const file of ['server.mjs', 'speak.html', 'listen.html'])
    await writeFile(join(project, file), fileOf(file).replaceAll('127.0.0.1:8787', host));
  await using server = startProgram(project, startServer, { PORT: '0' });
  const url = await server.printed(/http:\/\/localhost:\d+/);
  const speaker = await browser.newPage();
  await speaker.goto(url);
  const link = await speaker.getByRole('link', { name: 'this page' }).getAttribute('href');
  const listener = await browser.newPage();
  await listener.goto(new URL(link ?? '', url).href);
  const said = speaker.getByLabel('What is said');
  await said.pressSequentially('Good morning everyone.');
  await listener.getByText('[es] Good morning').waitFor();
  await said.press('Enter');
  await listener.getByRole('listitem').getByText('[es] Good morning everyone.', { exact: true }).waitFor();
  await said.fill('Welcome.');
  await said.press('Enter');
  await listener.getByText('[es] Welcome.').waitFor();
  expect(await listener.getByRole('listitem').allTextContents()).toEqual([
    '[es] Good morning everyone.',
    '[es] Welcome.',
  ]);
}, 600_000);
