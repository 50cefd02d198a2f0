import type { Browser, Page } from 'playwright-core';

/** The speaker's page, as its user sees and uses it. */
export class SpeakerPage implements AsyncDisposable {
  readonly page: Page;
  /** Errors and warnings in the browser's console. */
  readonly consoleErrors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.consoleErrors.push(message.text());
    });
    page.on('pageerror', (error) => this.consoleErrors.push(error.message));
    page.on('dialog', (dialog) => void dialog.accept());
  }

  /**
   * Opens the page for a user who has never seen it.
   *
   * @param script runs in the page before its own scripts
   */
  static async open(browser: Browser, url: string, script = ''): Promise<SpeakerPage> {
    const context = await browser.newContext();
    const opened = new SpeakerPage(await context.newPage());
    await opened.page.addInitScript(script);
    await opened.page.goto(url);
    return opened;
  }

  get said() {
    return this.page.getByLabel('What is said');
  }

  get problem() {
    return this.page.getByRole('alert');
  }

  /** The caption of a segment in a column; the first column is what was said. */
  caption(segment: number, column: number) {
    return this.page.locator(`#captions > li[data-segment="${segment}"] > div`).nth(column).locator('p');
  }

  async choose(...languages: string[]): Promise<void> {
    for (const language of languages) {
      await this.page.getByLabel('Search languages').fill(language);
      await this.page.getByLabel('Search languages').press('Enter');
    }
    await this.page.getByLabel('Search languages').fill('');
  }

  async start(...languages: string[]): Promise<void> {
    await this.choose(...languages);
    await this.page.getByRole('button', { name: 'Start' }).click();
    await this.status('On air');
  }

  async say(text: string): Promise<void> {
    await this.said.fill(text);
    await this.said.press('Enter');
  }

  /** Resolves when the page says this of its connection. */
  async status(words: string): Promise<void> {
    await this.page.locator('#status').getByText(words).waitFor();
  }

  async end(): Promise<void> {
    await this.page.getByRole('button', { name: 'End', exact: true }).click();
    await this.page.getByText('The talk has ended').waitFor();
  }

  /** The link for the audience. */
  async link(): Promise<string> {
    return this.page.getByRole('textbox', { name: 'Link for your audience' }).inputValue();
  }

  /** All text that readers can see, including that of fields. */
  async shownText(): Promise<string> {
    return this.page.locator('body').innerText();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close();
  }
}
