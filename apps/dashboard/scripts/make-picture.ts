/**
 * Makes the picture of the overview in docs/pictures: `npm run picture -w @parley/dashboard`. Needs Chromium (`CHROMIUM`, by default
 * /usr/bin/chromium). The system that it shows is an example.
 */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { launchBrowser, openPage } from '../../../test/pages/browser.ts';
import { judge } from '../src/overview/judge.ts';
import { overviewPage } from '../src/overview-page/overview-page.ts';
import { atMs, edgeRow, wellState, workerRow } from '../test/overview/system-states.ts';

const path = resolve(import.meta.dirname, '../../../docs/pictures/overview.png');
const viewport = { width: 1500, height: 1000 };
const publicFolder = fileURLToPath(new URL('../public/', import.meta.url));
const maxBytes = 150_000;
/** An address that readers can tell is an example. */
const origin = 'https://parley.example';

const state = wellState({
  edges: [edgeRow(), edgeRow({ name: 'edge host-b 88', host: 'host-b' })],
  workers: [workerRow(), workerRow({ name: 'worker host-b 89', host: 'host-b', state: 'missing', ageMs: 14_000 })],
});
const html = overviewPage(judge(state, atMs), { hasOperator: true });

const browser = await launchBrowser();
try {
  await using opened = await openPage(browser, `${origin}/overview`, { viewport, prepare: answer });
  await opened.page.screenshot({ path });
} finally {
  await browser.close();
}
const { size } = await stat(path);
if (size > maxBytes) throw new Error(`${path} has ${size} bytes; at most ${maxBytes} are allowed`);
console.log(`${path}: ${size} bytes`);

async function answer(page: Page): Promise<void> {
  await page.route(`${origin}/overview`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  for (const file of ['overview.css', 'overview.js']) {
    await page.route(`${origin}/${file}`, (route) => route.fulfill({ path: join(publicFolder, file) }));
  }
}
