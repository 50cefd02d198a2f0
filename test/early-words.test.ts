import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StabilitySetting, TranslationPartial } from '@parley/protocol';
import { sourceOfMarked } from '@parley/checker';
import { firstWords, mostWords, startDrippingEngine, type DrippingEngine } from './early-words/dripping-engine.ts';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  workerMetric,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { seededRandom, testSeed } from './harness/seeded-random.ts';

const env = { WORKERS: 'process', PARTIAL_HOLD_MS: '0', PARTIAL_IN_FLIGHT: '1', PARTIAL_STREAMING: 'on' };
const shownOf = ({ concluded, tentative }: TranslationPartial): string => concluded + tentative;

describe('words of a reply that is still being streamed', () => {
  let engine: DrippingEngine;
  let stack: TestStack;
  beforeEach(async () => {
    engine = await startDrippingEngine();
    stack = await startStack({ env, engines: () => [{ type: 'openai', baseUrl: engine.url, model: 'any' }] });
  });
  afterEach(async () => {
    await stack[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  /** Says a sentence until the reply to revision 2 is streamed; revision 1, which it replaced before its call, is unused. */
  async function sayUntilStreamed(stability: StabilitySetting): Promise<LiveSpeaker> {
    const speaker = await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'], stability });
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: firstWords(8) });
    await engine.requested(1);
    for (const [revision, words] of [12, 16].entries()) {
      speaker.session.sendPartial({ segmentId: 1, revision: revision + 1, text: firstWords(words) });
    }
    const signal = AbortSignal.timeout(10_000);
    while ((await workerMetric(stack, 'parley_worker_partials_superseded_total')) < 1) {
      await delay(20, undefined, { signal });
    }
    engine.goOn('plain');
    expect((await engine.requested(2))[1]).toBe(firstWords(16));
    return speaker;
  }

  const early = async ({ waitForMessage }: LiveSpeaker): Promise<TranslationPartial> =>
    (await waitForMessage(partialOf(1, { revision: 1 }))) as TranslationPartial;

  /** Ends the session, and returns everything that was shown, in order. */
  async function shownUntilEnd(speaker: LiveSpeaker): Promise<string[]> {
    engine.goOn('whole');
    await speaker.session.sendFinal({ segmentId: 1, text: firstWords(mostWords) });
    await speaker.waitForMessage(resultOf(1));
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    const partials = partialsIn(speaker.messages);
    expect(partials.map(({ concluded }) => concluded).join('')).toBe('');
    return partials.map(shownOf);
  }

  const onlyGrows = (texts: readonly string[]): boolean =>
    texts.every((text, index) => text.startsWith(texts[index - 1] ?? ''));

  it('I1, I39: are shown under an unused revision, as tentative text', async () => {
    await using speaker = await sayUntilStreamed('balanced');
    // The engine still waits before the end of this reply.
    const { concluded, tentative } = await early(speaker);
    expect(concluded).toBe('');
    expect(partialsIn(speaker.messages).map(shownOf)).toEqual(['queremos hablar de la escuela nueva en', tentative]);
    engine.goOn('whole');
    const whole = (await speaker.waitForMessage(partialOf(1, { revision: 2 }))) as TranslationPartial;
    expect(whole.tentative).toBe('queremos hablar de la escuela nueva en el pueblo viejo y del camino largo');
    // Cut between two words.
    expect(whole.tentative).toContain(`${tentative} `);
    expect(await workerMetric(stack, 'parley_worker_early_words_seconds_count')).toBe(1);
    // There was one unused revision only.
    expect(await workerMetric(stack, 'parley_worker_early_updates_total')).toBe(1);
    expect(onlyGrows(await shownUntilEnd(speaker))).toBe(true);
  });

  it.each(['broken', 'remark'] as const)(
    'stay when the reply turns out to be %s, and the next one goes on',
    async (end) => {
      await using speaker = await sayUntilStreamed('balanced');
      const { tentative } = await early(speaker);
      engine.goOn(end);
      speaker.session.sendPartial({ segmentId: 1, revision: 3, text: firstWords(mostWords) });
      await engine.requested(3);
      engine.goOn('whole');
      const next = (await speaker.waitForMessage(partialOf(1, { revision: 3 }))) as TranslationPartial;
      expect(next.tentative.length).toBeGreaterThan(tentative.length);
      const shown = await shownUntilEnd(speaker);
      expect(onlyGrows(shown)).toBe(true);
      expect(shown.join(' ')).not.toContain('Nota');
    },
  );

  it('I1: are continued by another worker', async () => {
    await using speaker = await sayUntilStreamed('balanced');
    const { tentative } = await early(speaker);
    await stack.kill('workers', 0);
    await stack.restart('workers', 0);
    speaker.session.sendPartial({ segmentId: 1, revision: 3, text: firstWords(mostWords) });
    await engine.requested(3);
    engine.goOn('whole');
    const next = (await speaker.waitForMessage(partialOf(1, { revision: 3 }), 20_000)) as TranslationPartial;
    expect(next.tentative.length).toBeGreaterThan(tentative.length);
    expect(onlyGrows(await shownUntilEnd(speaker))).toBe(true);
  });

  it('are not shown with `off`, whose text is always a whole translation', async () => {
    await using speaker = await startLiveSpeaker(stack, {
      sourceLanguage: 'en',
      targetLanguages: ['es'],
      stability: 'off',
    });
    engine.goOn('plain');
    for (const [revision, words] of [8, 12, 16].entries()) {
      speaker.session.sendPartial({ segmentId: 1, revision, text: firstWords(words) });
    }
    await speaker.waitForMessage(partialOf(1, { revision: 2 }));
    expect(await workerMetric(stack, 'parley_worker_early_updates_total')).toBe(0);
    expect((await speaker.end()).violations).toEqual([]);
  });
});

describe('words of replies that are streamed, broken, refused and reworded at random', () => {
  it('I1, I2, I39: only extend what is concluded, over kills, and for a late listener', async () => {
    const random = seededRandom(testSeed('early words'));
    await using stack = await startStack({
      workers: 2,
      translations: 'paraphrased',
      env: { ...env, PARTIAL_IN_FLIGHT: '2', ENGINE_LATENCY: '60/120,25/50', ENGINE_SEED: String(testSeed('engine')) },
    });
    await engineOf(stack).fail({ share: 0.05, cutAfterTokens: 12 });
    await engineOf(stack).fail({ share: 0.05, effect: 'answer' });
    await using speaker = await startLiveSpeaker(
      stack,
      { sourceLanguage: 'en', targetLanguages: ['es', 'ca'], stability: 'balanced' },
      { sourceOf: sourceOfMarked },
    );
    const say = async (segmentId: number): Promise<void> => {
      let revision = 0;
      for (let words = 1 + Math.floor(3 * random()); words <= mostWords; words += Math.floor(3 * random())) {
        revision += 1 + Math.floor(2 * random());
        speaker.session.sendPartial({ segmentId, revision, text: firstWords(words) });
        await delay(40 + 120 * random());
      }
      await speaker.session.sendFinal({ segmentId, text: firstWords(mostWords) });
    };
    const talk = async (segments: readonly number[]): Promise<unknown> => await Promise.all(segments.map(say));
    await talk([1, 2, 3, 4]);
    const { joinCode } = speaker.session.started;
    const talking = talk([5, 6, 7, 8]);
    await delay(500 + 500 * random());
    await using listener = await startLiveListener(stack, { joinCode, targetLanguages: ['es'] });
    await stack.kill('workers', 0);
    await talking;
    await stack.restart('workers', 0);
    await talk([9, 10, 11, 12]);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(listener.judge(speaker)).toEqual([]);
    expect(await workerMetric(stack, 'parley_worker_early_updates_total')).toBeGreaterThan(0);
  });
});
