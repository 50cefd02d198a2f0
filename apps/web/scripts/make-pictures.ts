/**
 * Makes the pictures of the pages in docs/pictures: `npm run pictures -w @parley/web`. Needs Chromium (`CHROMIUM`, by default
 * /usr/bin/chromium), and starts an edge and a Redis of its own.
 */
import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startStack } from '../../../test/harness/index.ts';
import { launchBrowser, openPage } from '../../../test/pages/browser.ts';
import { final, partial, scriptTalk } from '../../../test/pages/scripted-talk.ts';
import { openTalk } from './picture-talk.ts';
import { parable } from './picture-texts.ts';

interface ListenPicture {
  readonly name: string;
  /** The query of the page's address. */
  readonly search: string;
  readonly languages: readonly string[];
  readonly options: BrowserContextOptions;
  /** A background in CSS, instead of the video under an overlay. */
  readonly video?: string;
}

const folder = resolve(import.meta.dirname, '../../../docs/pictures');
const maxBytes = 100_000;

const listenPictures: readonly ListenPicture[] = [
  {
    name: 'listen-phone',
    search: '?lang=es',
    languages: ['es'],
    options: { viewport: { width: 390, height: 760 }, deviceScaleFactor: 1.5 },
  },
  {
    name: 'listen-wall',
    search: '?lang=es&theme=dark',
    languages: ['es'],
    options: { viewport: { width: 1280, height: 720 } },
  },
  {
    name: 'listen-two-languages',
    search: '?lang=es,ar',
    languages: ['es', 'ar'],
    options: { viewport: { width: 1280, height: 720 } },
  },
  {
    name: 'listen-overlay',
    search: '?lang=es&overlay&size=110',
    languages: ['es'],
    options: { viewport: { width: 1280, height: 720 } },
    video: 'linear-gradient(#a9bac2 60%, #56665f 60%)',
  },
];

await mkdir(folder, { recursive: true });
await using stack = await startStack({ workers: 0 });
await using stopping = new AsyncDisposableStack();
const browser = stopping.adopt(await launchBrowser(), (launched) => launched.close());
const edgeUrl = stack.edges[0]?.url ?? '';
{
  await using opened = await openTalk(browser, edgeUrl, { viewport: { width: 1280, height: 740 } });
  await takePicture(opened.page, 'speak');
}
for (const { name, search, languages, options, video } of listenPictures) {
  const talk = scriptTalk(['en', 'es', 'ar']);
  const address = `${edgeUrl}/listen/ABCDEFGHJK${search}`;
  await using opened = await openPage(browser, address, { ...options, prepare: talk.prepare });
  const { page } = opened;
  await page.locator('.column').last().waitFor({ state: 'attached' });
  for (const language of languages) {
    const { settled, open } = parable[language] ?? { settled: [], open: {} };
    talk.send(...settled.map((text, index) => final(index + 1, text, {}, language)));
    talk.send(partial(settled.length + 1, 0, open, language));
  }
  await page
    .locator('.tentative')
    .filter({ hasText: /./ })
    .nth(languages.length - 1)
    .waitFor();
  if (video !== undefined) await page.evaluate(`document.body.style.background = ${JSON.stringify(video)}`);
  await takePicture(page, name);
}

async function takePicture(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  const { size } = await stat(path);
  if (size > maxBytes) throw new Error(`${path} has ${size} bytes; at most ${maxBytes} are allowed`);
  console.log(`${path}: ${size} bytes`);
}
