import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startStack, type TestStack } from '../../../../test/harness/index.ts';
import { launchBrowser } from '../../../../test/pages/browser.ts';
import { SpeakerPage } from './speaker-page.ts';
import type { Browser } from 'playwright-core';

const key = 'a-key-of-this-test-alone';
/** What browsers do where cookies are blocked. */
const keepsNothing = `for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get: () => { throw new DOMException('blocked', 'SecurityError'); } });`;

describe("the speaker's page of an edge with keys", () => {
  let browser: Browser;
  let stack: TestStack;
  const urlOf = (path: string): string => new URL(path, stack.edges[0]?.url).href;
  const makeToken = async (request: object): Promise<string> => {
    const response = await fetch(urlOf('/v1/tokens'), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ scope: 'speak', expiresInSeconds: 600, ...request }),
    });
    return ((await response.json()) as { token: string }).token;
  };

  beforeAll(async () => {
    stack = await startStack({ env: { API_KEYS: `church:${key}` } });
    browser = await launchBrowser();
  }, 90_000);

  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  }, 60_000);

  it('takes the token from its link, hides it at once, and keeps it for the tab', async () => {
    const token = await makeToken({});
    await using page = await SpeakerPage.open(browser, urlOf(`/#token=${token}`));
    expect(page.page.url()).toBe(urlOf('/'));
    await page.start('spanish');
    await page.say('Good morning.');
    await page.caption(1, 1).getByText('[es] Good morning.').waitFor();
    await page.page.reload();
    await page.status('On air');
    await page.end();
    const [download] = await Promise.all([
      page.page.waitForEvent('download'),
      page.page.getByRole('button', { name: 'Text, English' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('talk.en.txt');
    expect(await page.page.evaluate('JSON.stringify(localStorage)')).not.toContain(token);
    const other = new SpeakerPage(await page.page.context().newPage());
    await other.page.goto(urlOf('/'));
    await other.page.getByLabel('Access token').waitFor();
  }, 60_000);

  it('gives the audience the address that its own link names', async () => {
    const token = await makeToken({});
    await using page = await SpeakerPage.open(browser, urlOf(`/#token=${token}&audience=http://192.168.1.5:8787/x`));
    await page.start('spanish');
    await page.page.reload();
    await page.status('On air');
    const link = page.page.getByLabel('Link for your audience', { exact: true });
    expect(await link.inputValue()).toMatch(/^http:\/\/192\.168\.1\.5:8787\/listen\/\w{10}$/);
    await page.page.getByText('This link works on this computer only.').waitFor({ state: 'hidden' });
    await page.end();
  }, 60_000);

  it('says of a link with a token for listening that it is not for speaking, and where to listen', async () => {
    const token = await makeToken({ scope: 'listen' });
    await using page = await SpeakerPage.open(browser, urlOf(`/#token=${token}`));
    await page.page.getByText('This link is for listening only.').waitFor();
    expect(page.page.url()).toBe(urlOf('/'));
    for (const id of ['start-form', 'access']) expect(await page.page.locator(`#${id}`).isVisible()).toBe(false);
    await page.page.getByRole('link', { name: 'Open the captions' }).click();
    await page.page.getByText('Code of the talk').waitFor();
    // A reload of the speaker's page does not come back to it.
    await page.page.goto(urlOf('/'));
    await page.page.getByLabel('Access token').fill(token);
    await page.page.getByRole('button', { name: 'Continue' }).click();
    await page.problem.getByText('This access token is for listening only.').waitFor();
    await page.page.getByLabel('Access token').fill(await makeToken({}));
    await page.page.getByRole('button', { name: 'Continue' }).click();
    await page.start('spanish');
    await page.end();
    expect(page.consoleErrors.filter((text) => !text.includes('401'))).toEqual([]);
  }, 60_000);

  it('asks for a token, and says when it is not valid', async () => {
    await using page = await SpeakerPage.open(browser, urlOf('/'));
    await page.page.getByLabel('Access token').fill(key);
    await page.page.getByRole('button', { name: 'Continue' }).click();
    await page.problem.getByText('This is not an access token.').waitFor();
    expect(await page.page.evaluate('JSON.stringify([sessionStorage, localStorage])')).not.toContain(key);
    const token = await makeToken({});
    await page.page.getByLabel('Access token').fill(`${token.slice(0, -8)}00000000`);
    await page.page.getByRole('button', { name: 'Continue' }).click();
    await page.problem.getByText('This access token is not valid, or has expired.').waitFor();
    await page.page.getByLabel('Access token').fill(token);
    await page.page.getByRole('button', { name: 'Continue' }).click();
    await page.page.getByRole('button', { name: 'Start' }).waitFor();
    expect(await page.problem.textContent()).toBe('');
  }, 60_000);

  it('asks for no token in a talk whose token has expired since', async () => {
    const token = await makeToken({ expiresInSeconds: 5 });
    await using page = await SpeakerPage.open(browser, urlOf(`/#token=${token}`));
    await page.start('spanish');
    const headers = { authorization: `Bearer ${token}` };
    while ((await fetch(urlOf('/v1/languages'), { headers })).status !== 401) await new Promise(setImmediate);
    const refused = page.page.waitForResponse((response) => response.url() === urlOf('/v1/languages'));
    await page.page.reload();
    await page.status('On air');
    expect((await refused).status()).toBe(401);
    await page.say('We go on.');
    await page.caption(1, 1).getByText('[es] We go on.').waitFor();
    expect(await page.problem.textContent()).toBe('');
    expect(await page.page.getByLabel('Access token').isVisible()).toBe(false);
    await page.end();
    await page.page.getByRole('button', { name: 'New talk' }).click();
    await page.problem.getByText('This access token is not valid, or has expired.').waitFor();
    await page.page.getByLabel('Access token').waitFor();
  }, 60_000);

  it('works in a browser that keeps nothing', async () => {
    const token = await makeToken({});
    await using page = await SpeakerPage.open(browser, urlOf(`/#token=${token}`), keepsNothing);
    await page.start('spanish');
    await page.say('Good morning.');
    await page.caption(1, 1).getByText('[es] Good morning.').waitFor();
    await page.end();
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);
});
