import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startHttpProxy, type HttpProxy } from '../harness/http-proxy.ts';
import { startLiveSpeaker, startStack, type LiveSpeaker, type TestStack } from '../harness/index.ts';
import { launchBrowser, openPage, until } from './browser.ts';
import { captionsOf, shown } from './captions-on-page.ts';

const numbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

describe("the listeners' page with real edges", () => {
  let stack: TestStack;
  let browser: Browser;
  let proxy: HttpProxy;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack({ edges: 2 }), launchBrowser()]);
    proxy = await startHttpProxy(() => stack.edges.map(({ url }) => url));
  });
  afterEach(() => {
    proxy.upgrades = 'forward';
    proxy.isUp = true;
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const languages = { sourceLanguage: 'en', targetLanguages: ['es', 'ar'] };
  const speak = (options: object = {}): Promise<LiveSpeaker> => {
    // Not over the first edge, which dies.
    const second = [stack.streamUrl(1)] as const;
    return startLiveSpeaker(second, { ...languages, ...options });
  };
  const address = (speaker: LiveSpeaker, search = ''): string =>
    `${proxy.url}/listen/${speaker.session.started.joinCode}${search}`;
  const say = async ({ session }: LiveSpeaker, segmentIds: readonly number[]): Promise<void> => {
    for (const segmentId of segmentIds) {
      const text = `This is sentence ${numbers[segmentId - 1] ?? ''}.`;
      session.sendPartial({ segmentId, revision: 0, text: text.slice(0, 12) });
      await session.sendFinal({ segmentId, text });
    }
  };
  /** The captions that the stack's translator makes of these sentences. */
  const translated = (language: string, segmentIds: readonly number[]): string[] => {
    const mark = language === 'en' ? '' : `[${language}] `;
    return segmentIds.map((segmentId) => `${mark}This is sentence ${numbers[segmentId - 1] ?? ''}.`);
  };
  const ready = (page: Page): Promise<void> => page.getByText('when somebody speaks').waitFor();

  it("offers languages by their own names, the browser's first, and remembers the choice", async () => {
    await using speaker = await speak({ listenerLanguages: 2 });
    await using opened = await openPage(browser, address(speaker), { locale: 'ar-EG' });
    const { page, context, problems } = opened;
    await ready(page);
    const chooser = page.getByRole('combobox', { name: 'Language', exact: true });
    expect((await chooser.locator('> option').allTextContents()).slice(0, 3)).toEqual([
      'العربية',
      'English',
      'Español',
    ]);
    expect(await chooser.locator('optgroup option').allTextContents()).toContain('Français');
    await say(speaker, [1]);
    await shown(page, '[ar] This is sentence one.');

    await chooser.selectOption('English');
    await shown(page, 'This is sentence one.');
    expect(await page.locator('.column').count()).toBe(1);
    expect(page.url()).toBe(address(speaker, '?lang=en'));
    await page.locator('summary').click();
    await page.getByLabel('Second language').selectOption('Français');
    await page.locator('.column[data-language="fr"]').waitFor();
    await say(speaker, [2]);
    await shown(page, '[fr] This is sentence two.');
    expect(await captionsOf(page, 'en')).toEqual(translated('en', [1, 2]));

    const again = await context.newPage();
    await again.goto(address(speaker));
    await shown(again, '[fr] This is sentence two.');
    expect(await captionsOf(again, 'en')).toEqual(translated('en', [1, 2]));
    expect(problems).toEqual([]);
    await speaker.end();
    await page.getByRole('status').getByText('The talk has ended.', { exact: true }).waitFor();
  });

  it.each([
    ['over WebSockets', 'forward'],
    ['by server-sent events, if a proxy refuses WebSockets', 'refuse'],
    ['by server-sent events, if a proxy cuts WebSockets', 'cut'],
  ] as const)('loses and doubles nothing when an edge dies: %s', async (_how, upgrades) => {
    proxy.upgrades = upgrades;
    await using speaker = await speak();
    await using spanish = await openPage(browser, address(speaker, '?lang=es'));
    await using arabic = await openPage(browser, address(speaker, '?lang=ar'), {
      viewport: { width: 390, height: 844 },
    });
    await using original = await openPage(browser, address(speaker, '?lang=en'));
    const pages = [
      ['es', spanish.page],
      ['ar', arabic.page],
      ['en', original.page],
    ] as const;
    await Promise.all(pages.map(([, page]) => ready(page)));
    await say(speaker, [1, 2, 3]);
    await Promise.all(pages.map(([language, page]) => shown(page, translated(language, [3])[0] ?? '')));
    const lost = pages.map(([, page]) => page.getByText('Reconnecting').waitFor());
    await stack.kill('edges', 0);
    await say(speaker, [4, 5, 6]);
    await Promise.all(lost);
    await say(speaker, [7, 8]);
    await Promise.all(pages.map(([language, page]) => shown(page, translated(language, [8])[0] ?? '')));
    for (const [language, page] of pages) {
      expect(await captionsOf(page, language)).toEqual(translated(language, [1, 2, 3, 4, 5, 6, 7, 8]));
      await page.getByRole('status').waitFor({ state: 'hidden' });
    }
    expect(proxy.requested.some((path) => path.includes('/events?'))).toBe(upgrades !== 'forward');
    expect([spanish, arabic, original].flatMap(({ problems }) => problems)).toEqual([]);
    await speaker.end();
    await Promise.all(pages.map(([, page]) => page.getByText('The talk has ended.').waitFor()));
    await stack.restart('edges', 0);
  });

  it('comes back by itself after a time without a network', async () => {
    await using speaker = await speak();
    await using opened = await openPage(browser, address(speaker, '?lang=es'));
    const { page } = opened;
    await ready(page);
    await say(speaker, [1]);
    await shown(page, '[es] This is sentence one.');
    proxy.isUp = false;
    await page.getByText('Reconnecting').waitFor();
    await say(speaker, [2, 3]);
    proxy.isUp = true;
    await shown(page, '[es] This is sentence three.');
    expect(await captionsOf(page, 'es')).toEqual(translated('es', [1, 2, 3]));
    await speaker.end();
  });

  it('says that the speaker has paused, also to whoever joins or comes back meanwhile', async () => {
    await using speaker = await speak();
    await using opened = await openPage(browser, address(speaker, '?lang=es'));
    const { page } = opened;
    await ready(page);
    await say(speaker, [1]);
    await shown(page, '[es] This is sentence one.');
    speaker.session.update({ paused: true });
    const paused = (of: Page): Promise<void> => of.getByText('The speaker has paused the captions.').waitFor();
    await paused(page);
    await using late = await openPage(browser, address(speaker, '?lang=ar'));
    await paused(late.page);
    proxy.isUp = false;
    await page.getByText('Reconnecting').waitFor();
    proxy.isUp = true;
    await paused(page);
    speaker.session.update({ paused: false });
    await page.getByRole('status').waitFor({ state: 'hidden' });
    await speaker.end();
  });

  it('waits for a talk in a room, and after it for the next one', async () => {
    const room = { room: 'sunday-service' };
    const first = await speak(room);
    const { joinCode } = first.session.started;
    await first.end();
    await first[Symbol.asyncDispose]();
    await using opened = await openPage(browser, `${proxy.url}/listen/${joinCode}?lang=es`);
    const { page, problems } = opened;
    const state = page.getByRole('status');
    await state.getByText('The talk has not begun yet. Captions will start here by themselves.').waitFor();

    const second = await speak(room);
    expect(second.session.started.joinCode).toBe(joinCode);
    await state.getByText('when somebody speaks').waitFor();
    await say(second, [1, 2]);
    await shown(page, '[es] This is sentence two.');
    await second.end();
    await state.getByText('The talk has ended. The next one will start here by itself.').waitFor();
    expect(await captionsOf(page, 'es')).toEqual(translated('es', [1, 2]));
    await second[Symbol.asyncDispose]();

    await using third = await speak(room);
    await state.getByText('when somebody speaks').waitFor();
    await say(third, [1]);
    await shown(page, '[es] This is sentence one.');
    expect(await captionsOf(page, 'es')).toEqual(translated('es', [1]));
    expect(problems).toEqual([]);
    await third.end();
  });

  it('asks for the code if the link has none or a wrong one', async () => {
    await using speaker = await speak();
    await using opened = await openPage(browser, `${proxy.url}/listen?lang=es`);
    const { page } = opened;
    const code = page.getByLabel('Code of the talk');
    await code.fill('NOSUCHCODE');
    await code.press('Enter');
    await page.getByRole('status').getByText('There is no talk with this code.').waitFor();
    // As somebody reads it aloud.
    const { joinCode } = speaker.session.started;
    await code.fill(`${joinCode.slice(0, 5)}-${joinCode.slice(5)}`.toLowerCase());
    await page.getByRole('button', { name: 'Read along' }).click();
    await ready(page);
    expect(await page.locator('.column').getAttribute('data-language')).toBe('es');
    await speaker.end();
  });

  it('says that too many wrong codes were tried, and goes on by itself', async () => {
    await using speaker = await speak();
    const offer = /\/v1\/listen\/[^/]+$/;
    const refuse = (page: Page) => page.route(offer, (route) => route.fulfill({ status: 429, json: {} }));
    await using opened = await openPage(browser, address(speaker), { prepare: refuse });
    const { page } = opened;
    await page.getByRole('status').getByText('Too many wrong codes were tried.').waitFor();
    await page.unroute(offer);
    await ready(page);
    await speaker.end();
  });

  it('says that a language of the link is not offered', async () => {
    await using speaker = await speak();
    await using opened = await openPage(browser, address(speaker, '?lang=de'));
    const { page } = opened;
    await page.getByRole('status').getByText('This talk is not offered in that language.').waitFor();
    await page.getByRole('combobox', { name: 'Language', exact: true }).selectOption('Español');
    await ready(page);
    await say(speaker, [1]);
    await shown(page, '[es] This is sentence one.');
    await speaker.end();
  });

  it('does not say that a talk has ended whose speaker lets nobody join, and leads back when the door is open', async () => {
    await using speaker = await speak();
    await using opened = await openPage(browser, address(speaker, '?lang=es'));
    const { page } = opened;
    await ready(page);
    await speaker.session.updateJoinCode('close');
    const chooser = page.getByRole('combobox', { name: 'Language', exact: true });
    await chooser.selectOption('العربية');
    await page.getByRole('status').getByText('or its speaker lets nobody join at the moment').waitFor();
    await speaker.session.updateJoinCode('open');
    await chooser.selectOption('Español');
    await ready(page);
    await speaker.end();
  });

  it('keeps the screen on while captions may come', async () => {
    await using speaker = await speak();
    await using opened = await openPage(browser, address(speaker, '?lang=es'), {
      prepare: (page) =>
        page.addInitScript(`
          window.locks = [];
          Object.defineProperty(navigator, 'wakeLock', {
            value: {
              request: async (type) => {
                const lock = { type, released: false, release: async () => { lock.released = true; } };
                window.locks.push(lock);
                return lock;
              },
            },
          });
        `),
    });
    const { page } = opened;
    await ready(page);
    const held = 'locks.filter(({ type, released }) => type === "screen" && !released).length';
    expect(await page.evaluate(held)).toBe(1);
    // The browser releases the lock of a page that is hidden; once it is visible, it is requested again.
    await page.evaluate('locks[0].released = true; document.dispatchEvent(new Event("visibilitychange"))');
    await until(page, `${held} === 1`);
    await speaker.end();
    await page.getByText('The talk has ended.').waitFor();
    await until(page, `${held} === 0`);
  });
});
