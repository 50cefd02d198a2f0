import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../../test/pages/browser.ts';
import { sessionEnded, sessionStarted, startScriptedServer, type Message } from '../scripted-server.ts';
import { SpeakerPage } from './speaker-page.ts';

const timing = { queueMs: 1, engineMs: 2, totalMs: 3 };
const partial = (segmentId: number, revision: number, concluded: string, tentative: string): Message => ({
  type: 'translation.partial',
  segmentId,
  targetLanguage: 'es',
  revision,
  concluded,
  tentative,
  timing,
});
const final = (segmentId: number, text: string): Message => ({
  type: 'translation.final',
  segmentId,
  targetLanguage: 'es',
  text,
  offset: segmentId,
  cached: false,
  timing,
});

const sessionResumed: Message = {
  type: 'session.resumed',
  sessionId: 's1',
  resumeToken: 'r2',
  offset: 1,
  recovered: true,
  accepted: [1],
  missing: [],
};

/** Starts and ends sessions, and accepts finals. */
const accepting = (message: Message): Message[] => {
  if (message.type === 'session.start') return [sessionStarted];
  if (message.type === 'session.end') return [sessionEnded];
  if (message.type !== 'transcript.final') return [];
  return [{ type: 'transcript.accepted', segmentId: message['segmentId'] }];
};

/** Counts what the page stores of a talk; the time after which it stores it again never passes. */
const storesOnce = `
  window.writes = 0;
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, text) {
    if (key === 'parley-talk') window.writes += 1;
    return setItem.call(this, key, text);
  };
  const { setTimeout } = window;
  window.setTimeout = (run, ms) => (ms === 1000 ? 0 : setTimeout(run, ms));`;

describe("the speaker's page with a server that is told what to do", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
  });

  it('keeps every line and word in its place while captions change', async () => {
    await using server = await startScriptedServer(accepting);
    await using page = await SpeakerPage.open(browser, server.url);
    await page.page.setViewportSize({ width: 1240, height: 700 });
    await page.start('spanish');
    for (const [index, text] of ['one', 'two'].entries()) {
      await page.say(text);
      await server.awaitMessage((message) => message.type === 'transcript.final' && message['text'] === text);
      server.send(final(index + 1, `[es] ${text}`));
      await page
        .caption(index + 1, 1)
        .getByText(`[es] ${text}`)
        .waitFor();
    }
    await page.said.fill('three');
    await server.awaitMessage((message) => message['text'] === 'three');

    const line = page.caption(3, 1);
    const node = await line.elementHandle();
    /** Where the first letters of the translation are. */
    const places = (letters: number): Promise<[number, number][]> =>
      page.page.evaluate(`(() => {
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
            places.push([left, top]);
          }
        }
        return places;
      })()`);
    /** A fraction of a pixel is no move. */
    const expectUnmoved = async (before: [number, number][]): Promise<void> => {
      const now = await places(before.length);
      const moves = before.flatMap(([left, top], index) => [
        left - (now[index]?.[0] ?? 0),
        top - (now[index]?.[1] ?? 0),
      ]);
      expect(moves.filter((move) => Math.abs(move) >= 1)).toEqual([]);
    };
    const height = async (): Promise<number | undefined> => (await line.boundingBox())?.height;
    const showAs = async (revision: number, concluded: string, tentative: string): Promise<void> => {
      server.send(partial(3, revision, concluded, tentative));
      while ((await line.textContent()) !== concluded + tentative) await delay(10);
    };
    const short = 'Esto es lo que ';
    const long = `${short}queda dicho y además bastantes palabras que necesitan otra línea`;
    await showAs(1, '', short);
    const before = await places(short.length);
    await showAs(2, 'Esto ', long.slice(5));
    await expectUnmoved(before);
    const tall = await height();
    await showAs(3, short, 'queda');
    await expectUnmoved(before);
    expect(await height()).toBe(tall);
    server.send(final(3, `${short}queda.`));
    await line.getByText('queda.').waitFor();
    await expectUnmoved(before);
    expect(await height()).toBe(tall);
    expect(await node.evaluate(({ isConnected }: { isConnected: boolean }) => isConnected)).toBe(true);
    await page.page.setViewportSize({ width: 1800, height: 700 });
    expect(await height()).toBeLessThan(tall ?? 0);
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('tells problems in words, without a code or the message for developers', async () => {
    await using server = await startScriptedServer(accepting);
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish');
    const about = { message: 'limit of 10000', retryable: false };
    server.send({ type: 'error', code: 'text-too-long', ...about });
    await page.problem.getByText('This sentence is too long to be translated.').waitFor();
    server.send({ type: 'session.degraded', reason: 'engine-down' });
    server.send({ type: 'session.degraded', reason: 'overloaded' });
    await page.page.getByText('No translator can be reached at the moment').waitFor();
    server.send({ type: 'session.recovered', reason: 'engine-down' });
    await page.page.getByText('The server is very busy: captions come late.', { exact: true }).waitFor();
    server.send({ type: 'session.recovered', reason: 'overloaded' });
    await page.page.locator('#notice').waitFor({ state: 'hidden' });
    const failure = { segmentId: 1, targetLanguage: 'es', offset: 1, code: 'engine-timeout', message: 'after 6871 ms' };
    server.send({ type: 'translation.failed', ...failure });
    await page.page.getByText('Not translated: it took too long.').waitFor();
    expect(await page.shownText()).not.toMatch(/text-too-long|10000|engine-timeout|6871/);
    expect(page.consoleErrors).toEqual([]);
  }, 60_000);

  it('takes back a language of which the server says only later that it has none', async () => {
    await using server = await startScriptedServer((message) =>
      message.type === 'session.start' ? [{ ...sessionStarted, unsupportedLanguages: ['ca'] }] : [],
    );
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish', 'catalan');
    await page.problem.getByText('There is no translation into Catalan.').waitFor();
    const update = await server.awaitMessage(({ type }) => type === 'session.update');
    expect(update['targetLanguages']).toEqual(['es']);
    expect(await page.page.locator('#target-list input:checked').count()).toBe(1);
  }, 60_000);

  it('keeps what was said if the session is over when the page comes back, for the next talk', async () => {
    const error = { type: 'error', code: 'session-unknown', message: 'gone', retryable: false };
    await using server = await startScriptedServer((message) => {
      if (message.type === 'session.start') return [sessionStarted];
      return message.type === 'session.resume' ? [{ ...error, causedBy: message['id'] }] : [];
    });
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish');
    await page.say('Nobody accepted this.');
    await page.said.fill('Half a');
    await page.page.reload();
    await page.page.getByText('The talk has ended').waitFor();
    await page.problem.getByText('The talk ended before your last words arrived.').waitFor();
    expect(server.received.filter(({ type }) => type === 'session.start')).toHaveLength(1);
    await page.page.getByRole('button', { name: 'New talk' }).click();
    await page.page.getByRole('button', { name: 'Start' }).click();
    await page.status('On air');
    expect(await page.said.inputValue()).toBe('Nobody accepted this. Half a');
  }, 60_000);

  it('loses nothing at a reload right behind a message, though it does not store the talk at every one', async () => {
    await using server = await startScriptedServer(accepting);
    await using page = await SpeakerPage.open(browser, server.url, storesOnce);
    await page.start('spanish');
    const newest = 150;
    for (let segmentId = 1; segmentId <= newest; segmentId += 1) server.send(final(segmentId, `Frase ${segmentId}.`));
    await page.caption(newest, 1).getByText(`Frase ${newest}.`).waitFor();
    expect(await page.page.evaluate('writes')).toBe(1);
    await page.page.reload();
    const resume = await server.awaitMessage(({ type }) => type === 'session.resume');
    expect(resume).toMatchObject({ offset: newest, held: [] });
    for (const segmentId of [1, newest]) {
      await page.caption(segmentId, 1).getByText(`Frase ${segmentId}.`, { exact: true }).waitFor();
    }
  }, 60_000);

  it('keeps its talk if the server is away for longer than it tries to come back, and comes back by itself', async () => {
    await using server = await startScriptedServer((message) =>
      message.type === 'session.resume' ? [sessionResumed] : accepting(message),
    );
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish');
    await page.say('Before.');
    await server.awaitMessage(({ type }) => type === 'transcript.final');
    server.send(final(1, 'Antes.'));
    await page.caption(1, 1).getByText('Antes.').waitFor();
    await page.page.clock.install();
    server.isUp = false;
    await page.page.reload();
    await page.status('Reconnecting');
    await page.page.clock.fastForward('10:01');
    await page.status('Not connected');
    await page.problem.getByText('The server cannot be reached at the moment.').waitFor();
    expect(await page.caption(1, 1).textContent()).toBe('Antes.');
    // The next try begins before the server is back.
    await page.page.clock.fastForward('00:06');
    await page.status('Reconnecting');
    server.isUp = true;
    await page.status('On air');
    expect(await page.caption(1, 1).textContent()).toBe('Antes.');
    expect(await page.problem.textContent()).toBe('');
    await page.say('After.');
    const after = await server.awaitMessage(({ text }) => text === 'After.');
    expect(after).toMatchObject({ type: 'transcript.final', segmentId: 2 });
    expect(server.received.filter(({ type }) => type === 'session.start')).toHaveLength(1);
  }, 60_000);

  it('can be left while the server is away at the end, and keeps what the server has not confirmed', async () => {
    await using server = await startScriptedServer(accepting);
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish');
    server.isUp = false;
    server.cut();
    await page.status('Reconnecting');
    await page.say('Nobody heard this.');
    await page.page.getByRole('button', { name: 'End', exact: true }).click();
    await page.status('Reconnecting … to finish the last sentences');
    await page.page.getByRole('button', { name: 'Leave now' }).click();
    await page.page.getByText('The talk has ended').waitFor();
    await page.problem.getByText('Your last sentences could not be confirmed.').waitFor();
    server.isUp = true;
    await page.page.getByRole('button', { name: 'New talk' }).click();
    await page.start();
    expect(await page.said.inputValue()).toBe('Nobody heard this.');
  }, 60_000);

  it('asks a server that is away for its languages one question at a time', async () => {
    await using server = await startScriptedServer(accepting);
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish');
    await page.end();
    await page.page.clock.install();
    server.isUp = false;
    const awaitFailure = () =>
      page.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/v1/languages'));
    await Promise.all([awaitFailure(), page.page.reload()]);
    await page.page.getByText('This page keeps trying.').waitFor();
    await Promise.all([awaitFailure(), page.page.getByRole('button', { name: 'New talk' }).click()]);
    let questions = 0;
    page.page.on('request', () => (questions += 1));
    for (let expected = 1; expected <= 3; expected += 1) {
      await Promise.all([awaitFailure(), page.page.clock.runFor(3000)]);
      expect(questions).toBe(expected);
    }
    server.isUp = true;
    await page.page.clock.runFor(3000);
    await page.page.getByRole('button', { name: 'Start' }).waitFor();
    await page.page.locator('#notice').waitFor({ state: 'hidden' });
  }, 60_000);

  it('gives a session up that goes on elsewhere', async () => {
    const closings: (() => void)[] = [];
    await using server = await startScriptedServer(accepting, (close) => closings.push(() => close(4409)));
    await using page = await SpeakerPage.open(browser, server.url);
    await page.start('spanish');
    for (const close of closings) close();
    await page.problem.getByText('This session goes on elsewhere.').waitFor();
    await page.status('Ended');
    await page.page.reload();
    await page.status('Ended');
    expect(server.received.filter(({ type }) => type === 'session.resume')).toEqual([]);
  }, 60_000);

  it('offers to try again with a new token if the access has expired', async () => {
    let isRefused = false;
    await using server = await startScriptedServer(accepting, undefined, () => isRefused);
    await using page = await SpeakerPage.open(browser, `${server.url}#token=eyJ.eyJ.first`);
    await page.start('spanish');
    isRefused = true;
    server.cut();
    await page.page.getByLabel('Access token').fill('eyJ.eyJ.second');
    isRefused = false;
    await page.page.getByRole('button', { name: 'Continue' }).click();
    const resume = await server.awaitMessage(({ type }) => type === 'session.resume');
    expect(resume).toMatchObject({ sessionId: 's1', resumeToken: 'r' });
  }, 60_000);
});
