import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startStack, type TestStack } from '../harness/index.ts';
import { launchBrowser } from '../pages/browser.ts';
import { installPackedClient, type Project } from '../sdk/packed-client.ts';

const apiKey = 'a-secret-of-your-own';
const tutorial = await readFile(new URL('../../docs/tutorials/captions-in-your-app.md', import.meta.url), 'utf8');

/** The code that the tutorial tells to save as this file. */
function fileOf(name: string): string {
  const [, code] = new RegExp(`Save this as \`${name}\`:\\n\\n\`\`\`\\w+\\n(.*?)^\`\`\`$`, 'ms').exec(tutorial) ?? [];
  if (code === undefined) throw new Error(`the tutorial has no ${name}`);
  return code;
}

let stack: TestStack;
let project: Project;
let browser: Browser;
beforeAll(async () => {
  project = await installPackedClient();
  stack = await startStack({ env: { API_KEYS: `demo:${apiKey}` } });
  browser = await launchBrowser();
}, 300_000);
afterAll(async () => {
  await browser.close();
  await stack[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

it('docs/tutorials/captions-in-your-app.md makes an app that shows captions', async () => {
  const { host } = new URL(stack.streamUrl());
  for (const file of ['server.mjs', 'speak.html', 'listen.html'])
    await project.write(file, fileOf(file).replaceAll('127.0.0.1:8787', host));
  await using server = project.start('server.mjs', { PARLEY_API_KEY: apiKey, PORT: '0' });
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
}, 120_000);
