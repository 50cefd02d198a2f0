import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { sessionEnded, sessionStarted, startScriptedServer, type Message } from './scripted-server.ts';

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];
const quietFlags = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
/** The folder for screenshots; none are taken if it is unset. */
const pictures = process.env['SCREENSHOTS'];

interface Widths {
  readonly scrollWidth: number;
  readonly clientWidth: number;
}

const timing = { queueMs: 1, engineMs: 2, totalMs: 3 };
const partial = (
  segmentId: number,
  targetLanguage: string,
  revision: number,
  concluded: string,
  tentative: string,
) => ({
  type: 'translation.partial',
  segmentId,
  targetLanguage,
  revision,
  concluded,
  tentative,
  timing,
});
const final = (segmentId: number, targetLanguage: string, text: string) => ({
  type: 'translation.final',
  segmentId,
  targetLanguage,
  text,
  offset: segmentId,
  cached: false,
  timing,
});

/** Starts and ends sessions; translates only finals, by reversing them. */
const reversing = (): ((message: Message) => Message[]) => {
  let targets: string[] = [];
  return (message) => {
    if (Array.isArray(message['targetLanguages'])) targets = message['targetLanguages'] as string[];
    if (message.type === 'session.start') return [sessionStarted];
    if (message.type === 'session.end') return [sessionEnded];
    if (message.type !== 'transcript.final') return [];
    const { segmentId, text } = message as unknown as { segmentId: number; text: string };
    return targets.map((language) => final(segmentId, language, Array.from(text).reverse().join('')));
  };
};

describe('the caption page in a browser', () => {
  let context: BrowserContext;
  let profile: string;

  beforeAll(async () => {
    profile = await mkdtemp(join(tmpdir(), 'parley-chromium-'));
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    context = await chromium.launchPersistentContext(profile, { executablePath, args: [...flags, ...quietFlags] });
  }, 60_000);

  afterAll(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  });

  /** A page whose console errors and warnings are collected. */
  const openPage = async (url: string, consoleErrors: string[]): Promise<Page> => {
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => consoleErrors.push(error.message));
    await page.goto(url);
    return page;
  };
  const picture = async (page: Page, name: string): Promise<void> => {
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  const cell = (page: Page, segment: number, column: number) =>
    page.locator(`#captions > li[data-segment="${segment}"] > div`).nth(column).locator('p');

  it('sends what is typed and shows translations, the newest and final last', async () => {
    await using server = await startScriptedServer(reversing());
    const consoleErrors: string[] = [];
    const page = await openPage(server.url, consoleErrors);
    await page.getByLabel('Translate into').fill('ca');
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(server.received[0]).toMatchObject({ sourceLanguage: 'en', targetLanguages: ['es', 'ca'] });

    const said = page.getByLabel('What is said');
    await said.pressSequentially('Good mor');
    const first = await server.awaitMessage(({ type }) => type === 'transcript.partial');
    await said.pressSequentially('ning');
    await server.awaitMessage(({ text }) => text === 'Good morning');
    const revisions = server.received.filter(({ type }) => type === 'transcript.partial').map((m) => m['revision']);
    expect(first).toMatchObject({ segmentId: 1, revision: 1 });
    expect(revisions).toEqual(revisions.map((_, index) => index + 1));

    server.send(partial(1, 'es', 2, 'Buenos', ' días'));
    server.send(partial(1, 'es', 1, '', 'Bueno mor'));
    server.send(partial(1, 'ca', 1, '', 'Bon'));
    await page.getByText('Bon', { exact: true }).waitFor();
    expect(await cell(page, 1, 1).textContent()).toBe('Buenos días');
    expect(await cell(page, 1, 1).locator('.tentative').textContent()).toBe(' días');
    await picture(page, 'typing');

    await said.press('Enter');
    await page.getByText('gninrom dooG').first().waitFor();
    server.send(partial(1, 'es', 9, '', 'too late'));
    server.send({ type: 'error', code: 'text-too-long', message: '10000 characters are allowed', retryable: false });
    await page.getByRole('alert').getByText('This sentence is too long to be translated.').waitFor();
    server.send({ type: 'session.degraded', reason: 'engine-down' });
    server.send({ type: 'session.degraded', reason: 'overloaded' });
    await page.getByText('No translator can be reached at the moment').waitFor();
    server.send({ type: 'session.recovered', reason: 'engine-down' });
    await page.getByText('The server is very busy: captions come late.', { exact: true }).waitFor();
    server.send({ type: 'session.recovered', reason: 'overloaded' });
    await page.locator('#notice').waitFor({ state: 'hidden' });
    expect(await cell(page, 1, 0).textContent()).toBe('Good morning');
    expect(await cell(page, 1, 1).textContent()).toBe('gninrom dooG');
    expect(await page.locator('#announcement').textContent()).toBe('gninrom dooG');
    expect(await page.locator('.tentative').count()).toBe(0);
    expect(await said.inputValue()).toBe('');

    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await page.getByText('Not connected').waitFor();
    expect(server.received.at(-1)?.type).toBe('session.end');
    expect(consoleErrors).toEqual([]);
    await page.close();
  }, 60_000);

  it('keeps every line and word in its place while captions change', async () => {
    await using server = await startScriptedServer(reversing());
    const consoleErrors: string[] = [];
    const page = await openPage(server.url, consoleErrors);
    await page.setViewportSize({ width: 900, height: 700 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    const said = page.getByLabel('What is said');
    for (const text of ['one', 'two']) {
      await said.fill(text);
      await server.awaitMessage((message) => message['text'] === text);
      if (text === 'one') await said.press('Enter');
    }
    await cell(page, 1, 1).getByText('eno').waitFor();
    await said.press('Enter');
    await cell(page, 2, 1).getByText('owt').waitFor();
    await said.fill('three');
    await server.awaitMessage((message) => message['text'] === 'three');

    const line = cell(page, 3, 1);
    const node = await line.elementHandle();
    /** Where the first letters of the translation are. */
    const places = (letters: number): Promise<unknown> =>
      page.evaluate(`(() => {
        const walker = document.createTreeWalker(
          document.querySelectorAll('li[data-segment="3"] p')[1],
          NodeFilter.SHOW_TEXT,
        );
        const places = [];
        while (walker.nextNode() !== null) {
          const text = walker.currentNode;
          for (let index = 0; index < text.length && places.length < ${letters}; index += 1) {
            const range = document.createRange();
            range.setStart(text, index);
            range.setEnd(text, index + 1);
            const { left, top } = range.getBoundingClientRect();
            places.push([Math.round(left), Math.round(top)]);
          }
        }
        return places;
      })()`);
    const height = async (): Promise<number | undefined> => (await line.boundingBox())?.height;
    const showAs = async (revision: number, concluded: string, tentative: string): Promise<void> => {
      server.send(partial(3, 'es', revision, concluded, tentative));
      while ((await line.textContent()) !== concluded + tentative) await delay(10);
    };
    const short = 'Esto es lo que ';
    const long = `${short}queda dicho y además bastantes palabras que necesitan otra línea`;
    await showAs(1, '', short);
    const before = await places(short.length);
    await showAs(2, 'Esto ', long.slice(5));
    expect(await places(short.length)).toEqual(before);
    const tall = await height();
    await showAs(3, short, 'queda');
    expect(await places(short.length)).toEqual(before);
    expect(await height()).toBe(tall);
    server.send(final(3, 'es', `${short}queda.`));
    await line.getByText('queda.').waitFor();
    expect(await places(short.length)).toEqual(before);
    expect(await height()).toBe(tall);
    expect(await node.evaluate(({ isConnected }: { isConnected: boolean }) => isConnected)).toBe(true);
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    await page.setViewportSize({ width: 1300, height: 700 });
    expect(await height()).toBeLessThan(tall ?? 0);
    expect(consoleErrors).toEqual([]);
    await page.close();
  }, 60_000);

  it('plays a sample talk and reports a lost connection', async () => {
    await using server = await startScriptedServer(reversing());
    const consoleErrors: string[] = [];
    const page = await openPage(server.url, consoleErrors);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByLabel('Sample talk').selectOption('A project meeting');
    await page.getByRole('button', { name: 'Play' }).click();
    await server.awaitMessage(({ type, segmentId }) => type === 'transcript.partial' && segmentId === 2);
    await cell(page, 1, 1).getByText('.gniteem tcejorp').waitFor();
    await picture(page, 'wide');
    await page.setViewportSize({ width: 390, height: 780 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await server.awaitMessage(({ type, segmentId }) => type === 'transcript.partial' && segmentId === 3);
    await picture(page, 'phone');
    const { scrollWidth, clientWidth } = await page.locator('html').evaluate((html: Widths) => ({
      scrollWidth: html.scrollWidth,
      clientWidth: html.clientWidth,
    }));
    expect(scrollWidth).toBe(clientWidth);

    server.cut();
    await page.getByRole('alert').getByText('The connection was lost.').waitFor();
    await page.getByText('not finished').waitFor();
    expect(await page.getByRole('button', { name: 'Start' }).isEnabled()).toBe(true);
    expect(await page.getByLabel('What is said').isDisabled()).toBe(true);
    await picture(page, 'lost');

    // Segment IDs continue, so that captions of both sessions are shown.
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByLabel('What is said').fill('again');
    await page.getByLabel('What is said').press('Enter');
    const again = await server.awaitMessage(({ text }) => text === 'again');
    expect(again['segmentId']).toBe(4);
    await cell(page, 4, 1).getByText('niaga').waitFor();
    expect(consoleErrors).toEqual([]);
    await page.close();
  }, 60_000);
});
