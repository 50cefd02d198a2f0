import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { openPage, type OpenPage } from '../../../test/pages/browser.ts';
import { final, partial } from '../../../test/pages/scripted-talk.ts';
import { SpeakerPage } from '../test/speak/speaker-page.ts';
import { parable } from './picture-texts.ts';

/** An address that readers can tell is an example; what the page requests from it is the edge's answer. */
const origin = 'https://captions.example';
const targets = ['es', 'ar'];
const audience = {
  type: 'session.listeners',
  listeners: 48,
  languages: [
    { language: 'es', listeners: 37 },
    { language: 'ar', listeners: 11 },
  ],
};
const started = {
  type: 'session.started',
  sessionId: 's1',
  joinCode: 'ABCDEFGHJK',
  resumeToken: 'r1',
  offset: 0,
  limits: { maxFrameBytes: 262_144, maxTextChars: 10_000, maxTargetLanguages: 20 },
};
/** About the median that docs/performance.md measures. */
const translationMs = 300;

interface SpeakerMessage {
  readonly type: string;
  readonly id?: string;
  readonly segmentId: number;
  readonly revision: number;
}

/** Opens the speaker's page and says the sentences of the pictures, until the last one is open. */
export async function openTalk(browser: Browser, edgeUrl: string, options: BrowserContextOptions): Promise<OpenPage> {
  const opened = await openPage(browser, `${origin}/`, { ...options, prepare: (page) => answer(page, edgeUrl) });
  const { settled, begun } = parable['en'] ?? { settled: [], begun: { concluded: '', tentative: '' } };
  const speaker = new SpeakerPage(opened.page);
  await speaker.start('spanish', 'arabic');
  const caption = (segment: number) => speaker.caption(segment, targets.length).filter({ hasText: /./ });
  const sentences = settled.slice(0, -1);
  for (const [index, sentence] of sentences.entries()) {
    await speaker.say(sentence);
    await caption(index + 1).waitFor();
  }
  await speaker.said.fill(begun.concluded + begun.tentative);
  await caption(sentences.length + 1).waitFor();
  return opened;
}

async function answer(page: Page, edgeUrl: string): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const { pathname, search } = new URL(route.request().url());
    await route.fulfill({ response: await route.fetch({ url: new URL(pathname + search, edgeUrl).href }) });
  });
  await page.routeWebSocket(/\/v1\/stream$/, (route) => {
    route.onMessage((frame) => {
      const { now = [], later = [] } = answers(JSON.parse(String(frame)) as SpeakerMessage);
      for (const message of now) route.send(JSON.stringify(message));
      setTimeout(() => {
        for (const message of later) route.send(JSON.stringify(message));
      }, translationMs);
    });
  });
}

/** What the server says to a message of the speaker, at once and once it is translated. */
function answers(message: SpeakerMessage): { readonly now?: readonly object[]; readonly later?: readonly object[] } {
  const { type, id, segmentId, revision } = message;
  const texts = targets.map((language) => ({ language, ...parable[language] }));
  switch (type) {
    case 'ping':
      return { now: [{ type: 'pong' }] };
    case 'session.start':
      return { now: [{ ...started, id }, audience] };
    case 'transcript.final':
      return {
        now: [{ type: 'transcript.accepted', id, segmentId }],
        later: texts.map(({ language, settled }) => final(segmentId, settled?.[segmentId - 1] ?? '', {}, language)),
      };
    case 'transcript.partial':
      return { later: texts.map(({ language, begun }) => partial(segmentId, revision, begun ?? {}, language)) };
    default:
      return {};
  }
}
