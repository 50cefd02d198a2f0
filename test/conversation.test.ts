import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import type { ServerMessage, SourceFinal } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  partialsIn,
  resultsIn,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';

const judge = { sourceOf: sourceOfMarked, exactPartials: true };

interface Utterance {
  readonly segmentId: number;
  readonly language: 'en' | 'es';
  readonly speaker: string;
  readonly text: string;
}

/** Two speakers alternate at random, and sometimes both say a word that exists in both languages. */
function conversation(segments: number, random: () => number): Utterance[] {
  return Array.from({ length: segments }, (_, segmentId) => {
    const language = random() < 0.5 ? 'en' : 'es';
    const text = random() < 0.25 ? 'no' : `${language === 'en' ? 'sentence' : 'frase'} ${segmentId}`;
    return { segmentId, language, speaker: language === 'en' ? 'Ann' : 'Berta', text };
  });
}

/**
 * Sends all segments of both speakers concurrently, with partials; the session's language is named or omitted. On a busy machine
 * every partial may be overtaken by its final, so those of the first segments can be awaited.
 *
 * @param shownIn the target in which these are awaited
 */
async function converse(
  { session, waitForMessage }: LiveSpeaker,
  utterances: readonly Utterance[],
  random: () => number,
  shownIn?: string,
): Promise<void> {
  const accepted: Promise<void>[] = [];
  for (let index = 0; index < utterances.length; index += 2) {
    const both = utterances.slice(index, index + 2).map(({ language, ...said }) => ({
      ...said,
      ...(language === 'en' && random() < 0.5 ? {} : { language }),
    }));
    for (let revision = 0; revision < 3; revision++) {
      for (const said of both) {
        if (index === 0 || random() < 0.8)
          session.sendPartial({ ...said, revision, text: `${said.text}${' more'.repeat(revision)}` });
      }
      await delay(random() * 10);
    }
    if (index === 0 && shownIn !== undefined) {
      await Promise.all(both.map(({ segmentId }) => waitForMessage(isPartialIn(shownIn, segmentId))));
    }
    for (const said of both) accepted.push(session.sendFinal(said));
  }
  await Promise.all(accepted);
}

const transcriptsIn = (messages: readonly ServerMessage[]): SourceFinal[] =>
  messages.filter((message) => message.type === 'transcript.final');

const isPartialIn = (target: string, segmentId: number) => (message: ServerMessage) =>
  message.type === 'translation.partial' && message.segmentId === segmentId && message.targetLanguage === target;

const isEnded = ({ type }: ServerMessage): boolean => type === 'session.ended';

describe('a conversation in two languages', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ edges: 2, workers: 2, env: { ENGINE_LATENCY: '5/30,1/2' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I11, I12: is translated from the language of each segment, and copied if that is a target', async () => {
    const random = seededRandom(testSeed('a conversation'));
    await using host = await startLiveSpeaker(
      stack,
      { sourceLanguage: 'en', targetLanguages: ['en', 'es', 'fr'], stability: 'off' },
      judge,
    );
    const { joinCode } = host.session.started;
    const elsewhere = [stack.streamUrl(1)] as const;
    await using english = await startLiveListener(elsewhere, { joinCode, targetLanguages: ['en'] }, judge);
    await using french = await startLiveListener(elsewhere, { joinCode, targetLanguages: ['fr'] }, judge);
    const utterances = conversation(200, random);
    await converse(host, utterances, random, 'fr');
    expect(await host.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 600, finalsFailed: 0 } });

    const expected = utterances.flatMap(({ segmentId, language, speaker, text }) =>
      ['en', 'es', 'fr'].map((target) =>
        language === target
          ? { segmentId, targetLanguage: target, text, flags: ['source'], speaker }
          : { segmentId, targetLanguage: target, text: `[${target}] ${text}`, flags: undefined, speaker },
      ),
    );
    const byPlace = resultsIn(host.messages).sort(
      (one, other) => one.segmentId - other.segmentId || one.targetLanguage.localeCompare(other.targetLanguage),
    );
    const picked = byPlace.map((result) => {
      if (result.type === 'translation.failed') return result;
      const { segmentId, targetLanguage, text, flags, speaker } = result;
      return { segmentId, targetLanguage, text, flags, speaker };
    });
    expect(picked).toEqual(expected);
    const languages = new Map(utterances.map(({ segmentId, language }) => [segmentId, language]));
    const partials = partialsIn(host.messages);
    expect(new Set(partials.map(({ targetLanguage }) => targetLanguage))).toEqual(new Set(['en', 'es', 'fr']));
    for (const { segmentId, targetLanguage, flags } of partials) {
      expect(flags).toEqual(languages.get(segmentId) === targetLanguage ? ['source'] : undefined);
    }

    await Promise.all([english.waitForMessage(isEnded), french.waitForMessage(isEnded)]);
    for (const listener of [english, french]) expect(listener.judge(host)).toEqual([]);
    // The listener in the source language gets its segments unchanged and the Spanish ones translated.
    expect(transcriptsIn(english.messages).sort((one, other) => one.segmentId - other.segmentId)).toMatchObject(
      utterances.map(({ segmentId, language, speaker, text }) => ({ segmentId, language, speaker, text })),
    );
    expect(english.messages.some(({ type }) => type === 'transcript.partial')).toBe(true);
    const spanish = utterances.filter(({ language }) => language === 'es').map(({ segmentId }) => segmentId);
    const translated = resultsIn(english.messages).map(({ segmentId }) => segmentId);
    expect(translated.sort((one, other) => one - other)).toEqual(spanish);
    expect(transcriptsIn(french.messages)).toEqual([]);
    expect(resultsIn(french.messages)).toHaveLength(200);
  });

  it('I11, I12: reaches a listener in a further language, and the host does not receive that language', async () => {
    const random = seededRandom(testSeed('a conversation with a listener of another language'));
    await using host = await startLiveSpeaker(
      stack,
      { sourceLanguage: 'en', targetLanguages: ['en', 'es'], stability: 'off', listenerLanguages: ['fr'] },
      judge,
    );
    const { joinCode } = host.session.started;
    await using french = await startLiveListener([stack.streamUrl(1)], { joinCode, targetLanguages: ['fr'] }, judge);
    const utterances = conversation(40, random);
    await converse(host, utterances, random);
    expect(await host.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 80, finalsFailed: 0 } });
    await french.waitForMessage(isEnded);
    expect(french.judge(host)).toEqual([]);
    const heard = resultsIn(french.messages).sort((one, other) => one.segmentId - other.segmentId);
    expect(heard).toMatchObject(
      utterances.map(({ segmentId, text }) => ({ segmentId, targetLanguage: 'fr', text: `[fr] ${text}` })),
    );
  });
});
