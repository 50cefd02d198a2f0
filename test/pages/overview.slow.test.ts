import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { startProcess, startStack, type TestProcess, type TestStack } from '../harness/index.ts';
import { launchBrowser, openPage } from './browser.ts';

const key = 'key-of-the-dashboard';
const httpCredentials = { username: 'anybody', password: key };

describe('the page of the overview in a browser', () => {
  let stack: TestStack;
  let dashboard: TestProcess;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
    const env = { REDIS_URL: stack.redis.url, DASHBOARD_KEY: key };
    dashboard = await startProcess({ name: 'dashboard', env });
  });
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]();
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const open = (options: BrowserContextOptions = {}) =>
    openPage(browser, new URL('overview', dashboard.url).href, { httpCredentials, ...options });

  it('tells how the system is by itself, in a table for each of its parts', async () => {
    await using opened = await open();
    const { page, problems } = opened;
    await page.getByRole('heading', { level: 1, name: 'All is well' }).waitFor();
    for (const name of ['Queues', 'Live sessions', 'Engine endpoints', 'Edges', 'Workers', 'Cache and joined calls']) {
      expect([name, await page.getByRole('table', { name }).count()]).toEqual([name, 1]);
    }
    await page
      .getByRole('table', { name: 'Workers' })
      .getByRole('rowheader', { name: /^worker / })
      .waitFor();
    await page.getByText('No live sessions.').waitFor();
    // Kept by the script while the rows change.
    await page.evaluate(`document.querySelector('[data-part="workers"]').closest('table').dataset.same = 'yes'`);
    await stack.kill('workers', 0);
    await page.getByRole('heading', { level: 1, name: 'Down' }).waitFor();
    await page.getByText('none reports: nothing is translated').waitFor();
    expect(await page.title()).toBe('Down · Parley');
    expect(await page.locator('table[data-same="yes"]').count()).toBe(1);
    await stack.restart('workers', 0);
    await page.getByRole('heading', { level: 1, name: 'All is well' }).waitFor();
    expect(problems).toEqual([]);
  });

  it.each([
    ['a phone', { viewport: { width: 360, height: 700 } }],
    ['a wall', { viewport: { width: 2560, height: 1440 } }],
  ])('fits on %s', async (_name, options) => {
    await using opened = await open(options);
    const { page } = opened;
    await page.getByRole('rowheader', { name: /^edge / }).waitFor();
    const widths = await page.evaluate<number[]>('[document.scrollingElement.scrollWidth, innerWidth]');
    expect(widths[0]).toBeLessThanOrEqual(widths[1] ?? 0);
  });

  it('is dark where the system is', async () => {
    const background = async (colorScheme: 'light' | 'dark'): Promise<string> => {
      await using opened = await open({ colorScheme });
      return await opened.page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    };
    expect(await background('light')).toBe('rgb(251, 250, 248)');
    expect(await background('dark')).toBe('rgb(18, 20, 21)');
  });

  it('can be read without its script', async () => {
    await using opened = await open({ javaScriptEnabled: false });
    await opened.page.getByRole('heading', { level: 1, name: /^(All is well|Degraded|Down)$/ }).waitFor();
  });

  it('says that it is old when the dashboard does not answer any more', async () => {
    await using opened = await open();
    const { page, problems } = opened;
    expect(await page.getByRole('alert').count()).toBe(0);
    dashboard.child.kill();
    await page.getByRole('alert').getByText('does not answer').waitFor();
    expect(problems).toEqual([]);
  });
});
