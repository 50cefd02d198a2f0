import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinLive } from '@parley/client';
import { startHttpProxy } from '../../../../test/harness/http-proxy.ts';
import { startStack, type TestStack } from '../../../../test/harness/index.ts';
import { launchBrowser, until } from '../../../../test/pages/browser.ts';
import { SpeakerPage } from './speaker-page.ts';
import type { Browser } from 'playwright-core';

describe("the speaker's page in a browser", () => {
  let browser: Browser;
  let stack: TestStack;
  const urlOf = (edge = 0): string => new URL('/', stack.edges[edge]?.url).href;
  const openPage = (edge?: number): Promise<SpeakerPage> => SpeakerPage.open(browser, urlOf(edge));
  const join = async (page: SpeakerPage, ...targetLanguages: string[]) => {
    const joinCode = new URL(await page.link()).pathname.split('/').at(-1) ?? '';
    return joinLive({ urls: [stack.streamUrl()], joinCode, targetLanguages });
  };

  beforeAll(async () => {
    stack = await startStack({ edges: 2 });
    browser = await launchBrowser();
  }, 90_000);

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  }, 60_000);

  it('speaks what is typed, shows its translations and who listens, and gives the transcripts away', async () => {
    await using page = await openPage();
    await page.start('spanish', 'arabic');
    await page.page.getByText('Nobody is listening yet.').waitFor();
    expect(await page.link()).toMatch(new RegExp(`^${urlOf()}listen/[A-Z0-9]+$`));
    expect(await page.page.getByRole('img', { name: 'QR code' }).locator('svg').count()).toBe(1);
    await using listener = await join(page, 'es');
    await page.page.getByText(/1 person is listening: .?Español.?\s1/).waitFor();

    const captions = listener.captions();
    await page.said.pressSequentially('Good mor');
    await page.caption(1, 1).getByText('[es] Good mor').waitFor();
    const first = await captions.next();
    expect(first.value).toMatchObject({ type: 'translation.partial', segmentId: 1 });
    expect(await page.caption(1, 0).locator('.tentative').textContent()).toBe('Good mor');
    await page.say('Good morning.');
    await page.caption(1, 1).getByText('[es] Good morning.').waitFor();
    await page.caption(1, 2).getByText('[ar] Good morning.').waitFor();
    expect(await page.said.inputValue()).toBe('');
    expect(await page.caption(1, 2).getAttribute('dir')).toBe('rtl');
    expect(await page.caption(1, 2).getAttribute('lang')).toBe('ar');
    expect(await page.page.locator('#heading [lang="ar"]').getAttribute('dir')).toBe('rtl');
    expect(await page.caption(1, 1).getAttribute('dir')).toBe('ltr');
    await page.page.getByText(/^Captions come about \d+(?:\.\d)? s after the words\.$/).waitFor();

    await page.end();
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.page.getByRole('button', { name: 'SRT, Español' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('talk.es.srt');
    expect(await readFile(await download.path(), 'utf8')).toMatch(/^1\n[\d:,]+ --> [\d:,]+\n\[es\] Good morning\.\n$/);
    expect(await page.page.getByRole('button', { name: 'Text, English' }).isVisible()).toBe(true);
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('copies the link', async () => {
    await using page = await openPage();
    await page.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.start('spanish');
    await page.page.getByRole('button', { name: 'Copy' }).click();
    await page.page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.page.evaluate('navigator.clipboard.readText()')).toBe(await page.link());
    await page.end();
  }, 60_000);

  it('pauses: nothing can be said until it goes on', async () => {
    await using page = await openPage();
    await page.start('spanish');
    await using listener = await join(page, 'es');
    const paused = new Promise((resolve) => listener.on('session.paused', resolve));
    await page.page.getByRole('button', { name: 'Pause' }).click();
    await page.status('Paused');
    await paused;
    expect(await page.said.isDisabled()).toBe(true);
    await page.page.reload();
    await page.status('Paused');
    expect(await page.said.isDisabled()).toBe(true);
    await page.page.getByRole('button', { name: 'Go on' }).click();
    await page.status('On air');
    await page.say('We go on.');
    await page.caption(1, 1).getByText('[es] We go on.').waitFor();
    await page.end();
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('has the same link for talks of the same name, closes the door, and changes the link', async () => {
    await using page = await openPage();
    await page.page.getByText('Use the same link every time').click();
    // Of this nothing would be left.
    await page.page.getByLabel('Name of the standing link').fill('日曜');
    await page.choose('spanish');
    await page.page.getByRole('button', { name: 'Start' }).click();
    await page.problem.getByText('needs a letter from a to z or a digit').waitFor();
    await page.choose('spanish');
    await page.page.getByLabel('Name of the standing link').fill('Sunday Service');
    await page.start('spanish');
    const link = await page.link();
    await page.end();
    await page.page.getByRole('button', { name: 'New talk' }).click();
    await page.start();
    expect(await page.link()).toBe(link);

    await page.page.getByText('Who can join', { exact: true }).click();
    await page.page.getByRole('button', { name: 'Let nobody else join' }).click();
    await page.page.getByText('Nobody else can join.').waitFor();
    await expect(join(page, 'es')).rejects.toMatchObject({ status: 401 });
    await page.page.reload();
    await page.status('On air');
    await page.page.getByText('Who can join', { exact: true }).click();
    await page.page.getByText('Nobody else can join.').waitFor();
    await page.page.getByRole('button', { name: 'Let people join again' }).click();
    await page.page.getByText('Everyone with this link can listen.').waitFor();
    await using listener = await join(page, 'es');
    const dropped = new Promise((resolve) => listener.on('closed', resolve));
    await page.page.getByRole('button', { name: 'New link' }).click();
    await dropped;
    await until(page.page, `document.getElementById('link').value !== ${JSON.stringify(link)}`);
    await page.end();
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('comes back to its talk after a reload, with its captions, its link and what was being typed', async () => {
    await using page = await openPage();
    await page.start('spanish');
    const link = await page.link();
    await page.say('One.');
    await page.caption(1, 1).getByText('[es] One.').waitFor();
    await page.said.fill('Two is');
    await page.caption(2, 1).getByText('[es] Two is').waitFor();
    await page.page.reload();
    await page.status('On air');
    expect(await page.link()).toBe(link);
    expect(await page.caption(1, 0).textContent()).toBe('One.');
    expect(await page.caption(1, 1).textContent()).toBe('[es] One.');
    expect(await page.said.inputValue()).toBe('Two is');
    await using listener = await join(page, 'es');
    const captions = listener.captions();
    await page.say('Two is said.');
    await page.page.getByText('[es] Two is said.').waitFor();
    const texts: string[] = [];
    for await (const caption of captions) {
      if (caption.type === 'translation.final') texts.push(caption.text);
      if (texts.at(-1) === '[es] Two is said.') break;
    }
    expect(texts.filter((text) => text !== '')).toEqual(['[es] One.', '[es] Two is said.']);

    // A copy of the tab has the same stored talk, but leaves it alone.
    const copying = page.page.context().waitForEvent('page');
    await page.page.evaluate('void window.open(location.href)');
    const copy = new SpeakerPage(await copying);
    await copy.problem.getByText('This talk goes on in another tab.').waitFor();
    await copy.page.close();
    await page.say('Three.');
    await page.page.getByText('[es] Three.').waitFor();

    await page.end();
    await page.page.reload();
    await page.page.getByText('The talk has ended').waitFor();
    expect(await page.page.getByText('[es] Three.').isVisible()).toBe(true);
    await page.page.getByRole('button', { name: 'New talk' }).click();
    await page.page.getByRole('button', { name: 'Start' }).waitFor();
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('goes on when its edge was gone, and what was typed meanwhile arrives once', async () => {
    await using page = await openPage(1);
    await page.start('spanish');
    await page.say('Before.');
    await page.caption(1, 1).getByText('[es] Before.').waitFor();
    await stack.kill('edges', 1);
    await page.status('Reconnecting');
    await page.say('Meanwhile.');
    expect(await page.caption(2, 0).textContent()).toBe('Meanwhile.');
    await stack.restart('edges', 1);
    await page.caption(2, 1).getByText('[es] Meanwhile.').waitFor();
    await page.status('On air');
    expect(await page.page.getByText('[es] Meanwhile.').count()).toBe(1);
    await page.end();
  }, 60_000);

  it('takes back a language that the server does not know, before and during a talk', async () => {
    await using page = await openPage();
    await page.choose('spanish', 'xx');
    await page.page.getByText('2 chosen').waitFor();
    await page.page.getByRole('button', { name: 'Start' }).click();
    await page.problem.getByText('The server does not know one of the languages to translate into.').waitFor();
    await page.page.getByText('1 chosen').waitFor();
    await page.start();
    await page.page.getByText('Languages', { exact: true }).click();
    await page.choose('xx');
    await page.problem.getByText('There is no translation into xx.').waitFor();
    expect(await page.page.getByRole('checkbox', { checked: true }).count()).toBe(1);
    await page.choose('catalan');
    await page.say('Good morning.');
    await page.caption(1, 2).getByText('[ca] Good morning.').waitFor();
    expect(await page.shownText()).not.toMatch(/invalid-field|targetLanguages/);
    await page.end();
  }, 60_000);

  it('plays a sample talk, also on a phone, and fits into it', async () => {
    await using page = await openPage();
    await page.page.setViewportSize({ width: 390, height: 780 });
    await page.start('spanish');
    await page.page.getByLabel('Sample talk').selectOption('A project meeting');
    await page.page.getByRole('button', { name: 'Play sample' }).click();
    await page.caption(1, 1).getByText('[es] Good morning everyone, and welcome to the project meeting.').waitFor();
    await page.page.getByRole('button', { name: 'Stop sample' }).click();
    expect(await page.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.end();
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('can be used with the keyboard alone', async () => {
    await using page = await openPage();
    await page.page.getByLabel('Search languages').waitFor();
    await page.page.getByLabel('Spoken language').focus();
    await page.page.keyboard.press('Tab');
    await page.page.keyboard.type('portuguese');
    await page.page.keyboard.press('Tab');
    await page.page.keyboard.press('Space');
    await page.page.getByText('1 chosen').waitFor();
    await page.page.getByRole('button', { name: 'Start' }).press('Enter');
    await page.status('On air');
    await page.page.locator('#said:focus').waitFor();
    await page.page.keyboard.type('Good morning.');
    await page.page.keyboard.press('Enter');
    await page.caption(1, 1).getByText('[pt-').waitFor();
    await page.end();
  }, 60_000);

  it('remembers the languages', async () => {
    await using page = await openPage();
    await page.page.getByLabel('Spoken language').selectOption({ label: 'Deutsch – German' });
    await page.start('spanish', 'catalan');
    await page.end();
    await page.page.getByRole('button', { name: 'New talk' }).click();
    await page.page.reload();
    await page.page.getByText('2 chosen').waitFor();
    expect(await page.page.getByLabel('Spoken language').inputValue()).toBe('de');
    const chosen = page.page.getByRole('checkbox', { checked: true });
    expect(await Promise.all([chosen.nth(0).inputValue(), chosen.nth(1).inputValue()])).toEqual(['ca', 'es']);
  }, 60_000);

  it.each([false, true])(
    'keeps what did not arrive before the talk ended for the next one, after a reload: %s',
    async (isReloaded) => {
      await using brief = await startStack({ env: { SESSION_GRACE_MS: '1000' } });
      await using proxy = await startHttpProxy(() => brief.edges.map(({ url }) => url));
      await using page = await SpeakerPage.open(browser, proxy.url);
      await page.start('spanish');
      await page.say('Before.');
      await page.caption(1, 1).getByText('[es] Before.').waitFor();
      await using listener = await joinLive({
        urls: [brief.streamUrl()],
        joinCode: (await page.link()).split('/').at(-1) ?? '',
        targetLanguages: ['es'],
      });
      const ended = new Promise((resolve) => listener.on('ended', resolve));
      proxy.isUp = false;
      await page.status('Reconnecting');
      await page.say('It is lost?');
      await page.said.fill('No, and this');
      if (isReloaded) await page.page.goto('about:blank');
      await ended;
      proxy.isUp = true;
      if (isReloaded) await page.page.goto(proxy.url);
      await page.problem.getByText('The talk ended before your last words arrived.').waitFor();
      await page.page.getByRole('button', { name: 'New talk' }).click();
      await page.start();
      expect(await page.said.inputValue()).toBe('It is lost? No, and this');
      await page.said.press('Enter');
      await page.page.getByText('[es] It is lost? No, and this').waitFor();
      await page.end();
    },
    90_000,
  );
});
