import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from '../../../../test/harness/index.ts';
import { launchBrowser } from '../../../../test/pages/browser.ts';
import { SpeakerPage } from './speaker-page.ts';
import type { Browser } from 'playwright-core';

/** A recognizer that a test speaks to: `hear('text', isFinal)` and `fail('error')`. */
const fakeRecognizer = `
  window.SpeechRecognition = class {
    start() {
      const { dataset } = document.documentElement;
      dataset.recognizers = Number(dataset.recognizers ?? 0) + 1;
      window.language = this.lang;
      window.hear = (transcript, isFinal = false) =>
        this.onresult?.({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
      window.fail = (error) => {
        this.onerror?.({ error });
        this.onend?.();
      };
    }
    stop() {
      this.onend?.();
    }
    abort() {}
  };
`;

describe('the microphone', () => {
  let browser: Browser;
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startStack();
    browser = await launchBrowser();
  }, 90_000);

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  }, 60_000);

  const openPage = (script: string): Promise<SpeakerPage> =>
    SpeakerPage.open(browser, new URL('/', stack.edges[0]?.url).href, script);

  it('speaks, goes on after a silence, and keeps what was heard at a reload', async () => {
    await using page = await openPage(fakeRecognizer);
    await page.page.getByLabel('Spoken language').selectOption({ label: 'Français – French' });
    await page.start('spanish');
    await page.page.getByRole('button', { name: 'Use the microphone' }).click();
    await page.page.getByRole('button', { name: 'Microphone on', pressed: true }).waitFor();
    expect(await page.page.evaluate('language')).toBe('fr');
    await page.page.evaluate("hear('bonjour')");
    await page.caption(1, 1).getByText('[es] bonjour').waitFor();
    await page.page.evaluate("hear('Bonjour à tous.', true)");
    await page.caption(1, 1).getByText('[es] Bonjour à tous.').waitFor();
    await page.page.evaluate("fail('no-speech')");
    await page.page.locator('html[data-recognizers="2"]').waitFor();
    await page.page.evaluate("hear('encore')");
    await page.caption(2, 1).getByText('[es] encore').waitFor();
    await page.page.reload();
    await page.status('On air');
    await page.caption(2, 1).getByText('[es] encore').waitFor();
    expect(await page.caption(2, 0).locator('.tentative').count()).toBe(0);
    await page.end();
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('says in words that it may not be used', async () => {
    await using page = await openPage(fakeRecognizer);
    await page.start('spanish');
    await page.page.getByRole('button', { name: 'Use the microphone' }).click();
    await page.page.evaluate("fail('not-allowed')");
    await page.problem.getByText('The browser does not let this page use the microphone.').waitFor();
    await page.page.getByRole('button', { name: 'Use the microphone', pressed: false }).waitFor();
    await page.end();
  }, 60_000);

  it('says in words that the browser has no speech recognition', async () => {
    await using page = await openPage('delete window.webkitSpeechRecognition; delete window.SpeechRecognition;');
    await page.start('spanish');
    await page.page.getByText('This browser does not recognize speech.').waitFor();
    expect(await page.page.getByRole('button', { name: 'Use the microphone' }).count()).toBe(0);
    await page.end();
  }, 60_000);
});
