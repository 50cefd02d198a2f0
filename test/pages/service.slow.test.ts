import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { SpeakerPage } from '../../apps/web/test/speak/speaker-page.ts';
import { startHttpProxy, type HttpProxy } from '../harness/http-proxy.ts';
import { startStack, type TestStack } from '../harness/index.ts';
import { launchBrowser, openPage, type OpenPage } from './browser.ts';
import { captionsOf, shown } from './captions-on-page.ts';

/** No sentence of this talk is said twice, and each fits into one subtitle, also with the mark of a translation. */
const sample = { title: 'A support call', file: 'apps/web/public/samples/support.json' };
const buttonOfSrt: Readonly<Record<string, string>> = {
  en: 'SRT, English',
  es: 'SRT, Español',
  ar: 'SRT, العربية',
  fr: 'SRT, Français',
};

describe('a talk, from the page of its speaker to those of its audience', () => {
  let stack: TestStack;
  let browser: Browser;
  let proxy: HttpProxy;
  /** The edge that gets all new connections. The load balancer does not know that it is dead before it is told. */
  let balancedEdge = 0;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack({ edges: 2 }), launchBrowser()]);
    proxy = await startHttpProxy(() => [stack.edges[balancedEdge]?.url ?? '']);
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  it('is on every page once and in order after the deaths of edges, without a hand on them, and exported as shown', async () => {
    const said = await sentencesOfSample();
    const expected = (language: string): string[] =>
      language === 'en' ? said : said.map((sentence) => `[${language}] ${sentence}`);
    balancedEdge = 1;
    await using speaker = await SpeakerPage.open(browser, proxy.url);
    await speaker.start('spanish', 'arabic', 'french');
    const link = await speaker.link();
    const join = async (language: string): Promise<OpenPage> => {
      const opened = await openPage(browser, `${link}?lang=${language}`);
      await opened.page.getByText('when somebody speaks').waitFor();
      return opened;
    };
    await using french = await join('fr');
    balancedEdge = 0;
    await using spanish = await join('es');
    await using arabic = await join('ar');
    await speaker.page.getByText('3 people are listening').waitFor();
    const audience = [
      ['es', spanish],
      ['ar', arabic],
      ['fr', french],
    ] as const;
    const sees = (language: string, { page }: OpenPage, sentence: number): Promise<void> =>
      shown(page, expected(language)[sentence - 1] ?? '');
    const allSee = (sentence: number): Promise<unknown> =>
      Promise.all(audience.map(([language, opened]) => sees(language, opened, sentence)));
    const reconnecting = ({ page }: Pick<OpenPage, 'page'>): Promise<void> =>
      page.getByRole('status').getByText('Reconnecting').waitFor();

    await speaker.page.getByLabel('Sample talk').selectOption(sample.title);
    await speaker.page.getByRole('button', { name: 'Play sample' }).click();
    // From here to the end of the talk nobody touches a page.
    await allSee(3);
    const lostByTwo = Promise.all([spanish, arabic].map(reconnecting));
    await stack.kill('edges', 0);
    await lostByTwo;
    await sees('fr', french, 5);
    balancedEdge = 1;
    await stack.restart('edges', 0);
    await allSee(7);
    // By now all pages are connected to the other edge, also the speaker's.
    const lostByAll = Promise.all([speaker, spanish, arabic, french].map(reconnecting));
    await stack.kill('edges', 1);
    await lostByAll;
    await speaker
      .caption(9, 0)
      .getByText(said[8] ?? '', { exact: true })
      .waitFor();
    balancedEdge = 0;
    await allSee(said.length);

    await speaker.end();
    for (const [language, { page, problems }] of audience) {
      await page.getByText('The talk has ended.').waitFor();
      expect(await captionsOf(page, language)).toEqual(expected(language));
      expect(problems).toEqual([]);
    }
    expect(await arabic.page.locator('.caption[lang="ar"][dir="rtl"]').count()).toBe(said.length);
    for (const language of ['en', 'es', 'ar', 'fr']) {
      expect(await speaker.page.locator(`#captions p[lang="${language}"]`).allTextContents()).toEqual(
        expected(language),
      );
      expect(await exportedTexts(speaker, language)).toEqual(expected(language));
    }
    expect(await speaker.problem.textContent()).toBe('');
  }, 180_000);
});

async function sentencesOfSample(): Promise<string[]> {
  const { sentences } = JSON.parse(await readFile(sample.file, 'utf8')) as { sentences: { text: string }[] };
  return sentences.map(({ text }) => text);
}

/** The texts of the subtitles that the speaker downloads as SRT, in the order of the file. */
async function exportedTexts({ page }: SpeakerPage, language: string): Promise<string[]> {
  const button = page.getByRole('button', { name: buttonOfSrt[language] ?? '', exact: true });
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  expect(download.suggestedFilename()).toBe(`talk.${language}.srt`);
  const content = await readFile(await download.path(), 'utf8');
  // A subtitle is its number, its time, and one or two lines of text.
  return content.split('\n\n').map((subtitle) => subtitle.trim().split('\n').slice(2).join(' '));
}
