import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

/** A page whose errors are collected. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Exceptions of its scripts, and violations of its content security policy. */
  readonly problems: readonly string[];
}

interface PageOptions extends BrowserContextOptions {
  /** Called before the page is loaded. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Without what a browser does by itself over the network. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Launches the machine's Chromium, or that of the environment variable `CHROMIUM`, without a window. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args });
}

/** Opens a page with storage of its own, as another reader has. */
export async function openPage(browser: Browser, url: string, options: PageOptions = {}): Promise<OpenPage> {
  const { prepare, ...contextOptions } = options;
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 720 },
    ...contextOptions,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', ({ message }) => problems.push(message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) problems.push(message.text());
  });
  await prepare?.(page);
  await page.goto(url);
  return { page, context, problems, [Symbol.asyncDispose]: () => context.close() };
}

/** Resolves once an expression is true in the page. The page's policy forbids what `waitForFunction` does. */
export async function until(page: Page, expression: string): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const look = () => (${expression}) ? resolve() : requestAnimationFrame(look);
    look();
  })`);
}
