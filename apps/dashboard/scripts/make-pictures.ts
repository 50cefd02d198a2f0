/**
 * Makes the pictures of the overview in docs/pictures: `npm run pictures -w @parley/dashboard`. Needs Chromium (`CHROMIUM`, by default
 * /usr/bin/chromium). The system that they show is an example.
 */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../../test/pages/browser.ts';
import { judge } from '../src/overview/judge.ts';
import { overviewPage } from '../src/overview-page/overview-page.ts';
import { atMs, edgeRow, wellState, workerRow } from '../test/overview/system-states.ts';

const folder = resolve(import.meta.dirname, '../../../docs/pictures');
const publicFolder = fileURLToPath(new URL('../public/', import.meta.url));
const maxBytes = 150_000;
/** An address that readers can tell is an example. */
const origin = 'https://parley.example';

const state = wellState({
  edges: [edgeRow(), edgeRow({ name: 'edge host-b 88', host: 'host-b' })],
  workers: [workerRow(), workerRow({ name: 'worker host-b 89', host: 'host-b', state: 'missing', ageMs: 14_000 })],
});
const html = overviewPage(judge(state, atMs), { hasOperator: true });

const pictures: readonly { readonly name: string; readonly options: BrowserContextOptions }[] = [
  { name: 'overview', options: { viewport: { width: 1500, height: 1000 } } },
  {
    name: 'overview-phone',
    options: { viewport: { width: 390, height: 760 }, deviceScaleFactor: 1.5, colorScheme: 'dark' },
  },
];

const browser = await launchBrowser();
try {
  for (const { name, options } of pictures) await takePicture(name, options);
} finally {
  await browser.close();
}

async function takePicture(name: string, options: BrowserContextOptions): Promise<void> {
  await using opened = await openPage(browser, `${origin}/overview`, { ...options, prepare: answer });
  const path = join(folder, `${name}.png`);
  await opened.page.screenshot({ path });
  const { size } = await stat(path);
  if (size > maxBytes) throw new Error(`${path} has ${size} bytes; at most ${maxBytes} are allowed`);
  console.log(`${path}: ${size} bytes`);
}

async function answer(page: Page): Promise<void> {
  await page.route(`${origin}/overview`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  for (const file of ['overview.css', 'overview.js']) {
    await page.route(`${origin}/${file}`, (route) => route.fulfill({ path: join(publicFolder, file) }));
  }
}
