import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeCodes } from '@parley/protocol';
import type { Browser } from 'playwright-core';
import { startStack, type TestStack } from '../harness/index.ts';
import { launchBrowser, openPage, until } from './browser.ts';
import { captionsOf, movedWords, placesOfWords, shown } from './captions-on-page.ts';
import { failed, final, partial, scriptTalk, type ScriptedTalk } from './scripted-talk.ts';

const sentence = 'Esto es lo que queda dicho, y después vienen bastantes palabras que ya no caben en la misma línea';

describe("the listeners' page", () => {
  let stack: TestStack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack({ workers: 0 }), launchBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack[Symbol.asyncDispose]();
  });

  const open = (talk: ScriptedTalk, search = '?lang=es', options = {}) =>
    openPage(browser, `${stack.edges[0]?.url ?? ''}/listen/ABCDEFGHJK${search}`, { prepare: talk.prepare, ...options });
  const spanish = () => scriptTalk(['en', 'es']);

  it.each([
    ['a wall', { width: 1920, height: 1080 }],
    ['a phone', { width: 390, height: 844 }],
  ])('moves no word within a sentence on %s', async (_screen, viewport) => {
    const talk = spanish();
    await using opened = await open(talk, '?lang=es', { viewport });
    const { page, problems } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(...[1, 2, 3, 4, 5, 6].map((segmentId) => final(segmentId, `Frase número ${segmentId} para empezar.`)));
    talk.send(partial(7, 0, { tentative: 'Esto' }));
    await shown(page, 'Esto');
    // As much as fits into three lines of text on each of the screens.
    const words = sentence.split(' ').slice(0, viewport.width < 500 ? 10 : undefined);
    let before = await placesOfWords(page);
    for (let revision = 0; revision < words.length; revision += 1) {
      const [concluded, tentative] = [
        words.slice(0, revision).join(' '),
        words.slice(revision, revision + 4).join(' '),
      ];
      const next = partial(7, 2 * revision + 1, { concluded, tentative: revision === 0 ? tentative : ` ${tentative}` });
      talk.send(next);
      await shown(page, revision === 0 ? tentative : `${concluded} ${tentative}`);
      const grown = await placesOfWords(page);
      expect(movedWords(before, grown)).toEqual([]);
      // The tentative words are replaced by a short one.
      talk.send(partial(7, 2 * revision + 2, { concluded, tentative: ' ay' }));
      await shown(page, `${concluded} ay`);
      before = await placesOfWords(page);
      expect(movedWords(grown, before)).toEqual([]);
    }
    talk.send(final(7, words.slice(0, 4).join(' ')));
    await page.locator('[data-segment="7"][data-state="settled"]').waitFor();
    expect(movedWords(before, await placesOfWords(page))).toEqual([]);
    expect(await page.locator('.tentative').filter({ hasText: /./ }).count()).toBe(0);
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    expect(problems).toEqual([]);
  });

  it('keeps the words of a very long sentence on their lines', async () => {
    const talk = spanish();
    await using opened = await open(talk, '?lang=es', { viewport: { width: 390, height: 844 } });
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    const long = `${sentence}, ${sentence}`;
    const first = async () => (await placesOfWords(page)).get('1:0')?.top ?? 0;
    talk.send(partial(1, 0, { concluded: sentence }));
    await shown(page, sentence);
    const [before, top] = [await placesOfWords(page), await first()];
    talk.send(partial(1, 1, { concluded: sentence, tentative: `, ${sentence}` }));
    await shown(page, long);
    const scrolledPx = (await first()) - top;
    expect(scrolledPx).toBeLessThan(0);
    const after = new Map(
      Array.from(await placesOfWords(page), ([key, place]) => [key, { ...place, top: place.top - scrolledPx }]),
    );
    // The last word of the beginning has a comma now.
    expect(movedWords(before, after)).toEqual([]);
  });

  it('keeps everything in place when a sentence settles while the next one is spoken', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(partial(1, 0, { concluded: 'Una frase ', tentative: `abierta, ${sentence}` }));
    talk.send(partial(2, 0, { tentative: 'La siguiente' }));
    await shown(page, 'La siguiente');
    const before = await placesOfWords(page);
    talk.send(final(1, 'Una frase cerrada.'));
    await shown(page, 'Una frase cerrada.');
    expect(movedWords(before, await placesOfWords(page))).toEqual([]);
  });

  it('names the speakers, marks what is doubtful and says what has failed, in words for readers', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(
      final(1, 'Uno.', { speaker: 'Ana' }),
      final(2, 'Dos.', { speaker: 'Ana', flags: ['suspect'] }),
      partial(3, 0, { concluded: 'Tres', tentative: ' y', speaker: 'Ben' }),
    );
    await shown(page, 'Tres y');
    talk.send(failed(3));
    await page.getByText('Not translated: it took too long.').waitFor();
    expect(await page.locator('.speaker').allTextContents()).toEqual(['Ana', '', 'Ben']);
    expect(await page.locator('.suspect').allTextContents()).toEqual(['Dos.']);
    expect(await captionsOf(page, 'es')).toEqual(['Uno.', 'Dos.', 'Tres']);
    expect(await page.locator('body').innerText()).not.toMatch(/10\.0\.0\.7|8000|engine/);
  });

  it('shows a correction in the place of the caption', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(final(1, 'Huno.', { flags: ['suspect'] }), final(2, 'Dos.'));
    await shown(page, 'Dos.');
    talk.send({ type: 'translation.corrected', segmentId: 1, targetLanguage: 'es', text: 'Uno.', offset: 3 });
    await shown(page, 'Uno.');
    expect(await captionsOf(page, 'es')).toEqual(['Uno.', 'Dos.']);
    expect(await page.locator('.suspect').count()).toBe(0);
  });

  it('reads final captions to screen readers, each once, but not what was said before', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(final(1, 'Antes.', { offset: 0 }), final(2, 'Ahora.'));
    await shown(page, 'Ahora.');
    const announced = page.locator('[aria-live="polite"] p');
    expect(await announced.allTextContents()).toEqual(['Ahora.']);
    talk.send(partial(3, 0, { tentative: 'Lue' }));
    await shown(page, 'Lue');
    talk.send(final(3, 'Luego.'));
    await shown(page, 'Luego.');
    expect(await announced.allTextContents()).toEqual(['Ahora.', 'Luego.']);
    expect(await announced.last().getAttribute('lang')).toBe('es');
    // The other live region tells the state.
    const live = '[aria-live], [role="status"], [role="alert"], [role="log"]';
    expect(await page.locator(live).count()).toBe(2);
    expect(await page.locator(`.column :is(${live})`).count()).toBe(0);
  });

  it('lets a reader scroll up, and leads back to the newest caption', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(...Array.from({ length: 40 }, (_, index) => final(index + 1, `Frase número ${index + 1}.`)));
    await shown(page, 'Frase número 40.');
    const newest = page.getByRole('button', { name: 'Newest' });
    const isVisible = async (segment: number): Promise<boolean> => {
      const box = await page.locator(`[data-segment="${segment}"]`).boundingBox();
      return box !== null && box.y >= 0 && box.y < 720;
    };
    expect([await isVisible(40), await newest.isVisible()]).toEqual([true, false]);

    await page.locator('.scroller').focus();
    await page.keyboard.press('Home');
    // The browser scrolls smoothly.
    await until(page, 'document.querySelector(".scroller").scrollTop === 0');
    await newest.waitFor();
    talk.send(final(41, 'Frase número 41.'));
    await shown(page, 'Frase número 41.');
    expect([await isVisible(1), await isVisible(41)]).toEqual([true, false]);
    await newest.click();
    expect([await isVisible(41), await newest.isVisible()]).toEqual([true, false]);
    talk.send(final(42, 'Frase número 42.'));
    await shown(page, 'Frase número 42.');
    expect(await isVisible(42)).toBe(true);
    // Another size of the window is not the reader's wish to scroll.
    await page.setViewportSize({ width: 500, height: 400 });
    await until(page, 'innerWidth === 500');
    talk.send(final(43, 'Frase número 43.'));
    await shown(page, 'Frase número 43.');
    expect(await newest.isVisible()).toBe(false);
    await page.locator('.scroller').focus();
    await page.keyboard.press('Home');
    await until(page, 'document.querySelector(".scroller").scrollTop === 0');
    await newest.waitFor();
    await page.locator('.scroller').press('End');
    await newest.waitFor({ state: 'hidden' });
  });

  it('stays small in a talk of hours', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    for (let first = 0; first < 2000; first += 100) {
      talk.send(...Array.from({ length: 100 }, (_, index) => final(first + index + 1, `Frase ${first + index + 1}.`)));
    }
    await shown(page, 'Frase 2000.');
    expect(await page.locator('.caption').count()).toBe(200);
    expect(await page.locator('[aria-live] p').count()).toBeLessThanOrEqual(3);
  });

  it('changes the size and the colors, and remembers both', async () => {
    const talk = spanish();
    await using opened = await open(talk, '?lang=es', { colorScheme: 'light' });
    const { page, context } = opened;
    await page.getByText('when somebody speaks').waitFor();
    talk.send(final(1, 'Uno.'));
    await shown(page, 'Uno.');
    const sizePx = () =>
      page.evaluate<number>('Number.parseFloat(getComputedStyle(document.querySelector(".caption p")).fontSize)');
    const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const normalPx = await sizePx();
    await page.getByRole('button', { name: 'Larger text' }).click();
    const largerPx = await sizePx();
    expect(largerPx / normalPx).toBeCloseTo(1.15);
    await page.keyboard.press('+');
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    expect(await sizePx()).toBeCloseTo(normalPx);
    await page.keyboard.press('+');
    const light = await ground();
    await page.locator('summary').press('Enter');
    await page.getByLabel('Colors').selectOption('Dark');
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.keyboard.press('Escape');

    const again = await context.newPage();
    await talk.prepare(again);
    await again.goto(page.url());
    await again.getByText('when somebody speaks').waitFor();
    expect(await again.evaluate('document.documentElement.style.getPropertyValue("--size")')).toBe('1.15');
    expect(await again.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(dark);
  });

  it('is transparent over a video, with nothing but the newest two lines of text', async () => {
    const talk = spanish();
    await using opened = await open(talk, '?lang=es&overlay');
    const { page } = opened;
    await page.locator('.column').waitFor({ state: 'attached' });
    talk.send(...[1, 2, 3].map((segmentId) => final(segmentId, `Frase número ${segmentId}.`)));
    talk.send(partial(4, 0, { concluded: 'Y la', tentative: ' última' }));
    await shown(page, 'Y la última');
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgba(0, 0, 0, 0)');
    const box = await page.locator('.scroller').boundingBox();
    const top = async (segment: number) =>
      ((await page.locator(`[data-segment="${segment}"]`).boundingBox())?.y ?? 0) - (box?.y ?? 0);
    expect(Math.abs(await top(3))).toBeLessThanOrEqual(1);
    expect(Math.abs((await top(4)) - (box?.height ?? 0) / 2)).toBeLessThanOrEqual(1);
    expect(await top(2)).toBeLessThan(-10);
    for (const control of ['#controls', '#state', '.newest', '.column h2']) {
      expect(await page.locator(control).first().isVisible()).toBe(false);
    }
    // A gap in the connection is not for viewers.
    await talk.close(1012, 'restarting');
    await until(page, 'document.documentElement.dataset.state === "reconnecting"');
    expect(await page.locator('#state').isVisible()).toBe(false);
  });

  it.each([
    ['side by side', { width: 1280, height: 720 }, 'x'],
    ['one above the other on a phone', { width: 390, height: 844 }, 'y'],
  ] as const)('shows two languages %s, each in its direction', async (_how, viewport, axis) => {
    const talk = scriptTalk(['en', 'es', 'ar']);
    await using opened = await open(talk, '?lang=es,ar', { viewport });
    const { page } = opened;
    await page.locator('.column[data-language="ar"]').waitFor();
    talk.send(final(1, 'Buenos días.'), final(1, 'صباح الخير.', {}, 'ar'));
    await shown(page, 'صباح الخير.');
    expect([await captionsOf(page, 'es'), await captionsOf(page, 'ar')]).toEqual([['Buenos días.'], ['صباح الخير.']]);
    const [spanishBox, arabicBox] = await Promise.all(
      ['es', 'ar'].map((language) => page.locator(`.column[data-language="${language}"]`).boundingBox()),
    );
    expect(arabicBox?.[axis]).toBeGreaterThan((spanishBox?.[axis] ?? 0) + 100);
    const captions = page.locator('.caption');
    for (const [language, direction] of [
      ['es', 'ltr'],
      ['ar', 'rtl'],
    ] as const) {
      const caption = captions.and(page.locator(`[lang="${language}"]`));
      expect(await caption.getAttribute('dir')).toBe(direction);
      expect(
        await page
          .getByRole('heading', { level: 2 })
          .and(page.locator(`[lang="${language}"]`))
          .count(),
      ).toBe(1);
    }
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
  });

  it('says that captions are late, and why it is given up', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    const state = page.getByRole('status');
    await state.getByText('when somebody speaks').waitFor();
    talk.send(final(1, 'Uno.'));
    await state.waitFor({ state: 'hidden' });
    talk.send({ type: 'session.degraded', reason: 'overloaded' });
    await state.getByText('captions come late').waitFor();
    talk.send({ type: 'session.recovered', reason: 'overloaded' });
    await state.waitFor({ state: 'hidden' });
    await talk.close(closeCodes.joinCodeChanged, 'tenant 17 has changed 99999 at 10.0.0.7');
    await state.getByText('The speaker has changed the code.').waitFor();
    expect(await page.locator('body').innerText()).not.toMatch(/44\d\d|10\.0\.0\.7|99999|tenant/);
    expect(await captionsOf(page, 'es')).toEqual(['Uno.']);
  });

  it('labels every control', async () => {
    const talk = spanish();
    await using opened = await open(talk);
    const { page } = opened;
    await page.getByText('when somebody speaks').waitFor();
    await page.locator('summary').click();
    for (const name of ['Language', 'Second language', 'Colors']) {
      expect(await page.getByRole('combobox', { name, exact: true }).isVisible()).toBe(true);
    }
    for (const name of ['Smaller text', 'Larger text', 'Full screen']) {
      expect(await page.getByRole('button', { name, exact: true }).isVisible()).toBe(true);
    }
    expect(await page.getByRole('region', { name: 'Captions: Español' }).count()).toBe(1);
    expect(await page.title()).toBe('Live captions · Parley');
    await page.keyboard.press('Escape');
    await page.locator('main').click();
    await page.keyboard.press('f');
    await until(page, 'document.fullscreenElement !== null');
    await page.keyboard.press('f');
    await until(page, 'document.fullscreenElement === null');
  });
});
