import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  resultOf,
  resultsIn,
  startLiveListener,
  startLiveSpeaker,
  startStack,
  type EngineControl,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { seededRandom, shuffled, testSeed } from './harness/seeded-random.ts';

const judge = { sourceOf: sourceOfMarked, isLossless: true };
const longEngineTimeouts = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '30000', ENGINE_TOTAL_TIMEOUT_MS: '60000' };
const refused = 400;

/** Returns the results in the order of arrival. */
const outcomes = ({ messages }: LiveSpeaker): [number, string][] =>
  resultsIn(messages).map(({ segmentId, type }) => [segmentId, type]);

describe('finals that complete in another order than they were accepted', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    // The tests repeat the same sentences within seconds, and each must be a call.
    stack = await startStack({
      workers: 2,
      env: { ...longEngineTimeouts, FINAL_CONCURRENCY: '64', SINGLEFLIGHT: 'off' },
    });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  const startSpeaker = (ordered: boolean, targetLanguages = ['es']): Promise<LiveSpeaker> =>
    startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages, ordered }, judge);

  /** Sends finals 1 to 4, all of which wait at the engine; returns a function that releases one. */
  async function fourFinals({ session }: LiveSpeaker): Promise<(segmentId: number) => Promise<void>> {
    await engine.hold(true);
    for (const segmentId of [1, 2, 3, 4]) await session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    const held = await engine.held(4);
    return (segmentId) =>
      engine.release({ ids: held.filter(({ text }) => text === `sentence ${segmentId}`).map(({ id }) => id) });
  }

  it('I8: arrive in the order of acceptance in an ordered session', async () => {
    await using speaker = await startSpeaker(true);
    const release = await fourFinals(speaker);
    await release(1);
    await speaker.waitForMessage(resultOf(1));
    await release(4);
    await release(2);
    await speaker.waitForMessage(resultOf(2));
    expect(outcomes(speaker).map(([segmentId]) => segmentId)).toEqual([1, 2]);
    await release(3);
    await speaker.waitForMessage(resultOf(4));
    expect(await speaker.end()).toMatchObject({ violations: [] });
    expect(outcomes(speaker).map(([segmentId]) => segmentId)).toEqual([1, 2, 3, 4]);
  });

  it('I8: continue when an earlier one fails', async () => {
    await using speaker = await startSpeaker(true);
    await engine.fail({ text: 'sentence 2', status: refused });
    const release = await fourFinals(speaker);
    await release(1);
    await release(4);
    await release(3);
    await speaker.waitForMessage(resultOf(1));
    expect(outcomes(speaker)).toEqual([[1, 'translation.final']]);
    await release(2);
    await speaker.waitForMessage(resultOf(4));
    expect(outcomes(speaker)).toEqual([
      [1, 'translation.final'],
      [2, 'translation.failed'],
      [3, 'translation.final'],
      [4, 'translation.final'],
    ]);
    const [, failed] = resultsIn(speaker.messages);
    expect(failed).toMatchObject({ code: 'engine-rejected', targetLanguage: 'es' });
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: 3, finalsFailed: 1 } });
  });

  it('arrive as they complete in an unordered session', async () => {
    await using speaker = await startSpeaker(false);
    const release = await fourFinals(speaker);
    for (const segmentId of [1, 4, 2, 3]) {
      await release(segmentId);
      await speaker.waitForMessage(resultOf(segmentId));
    }
    expect(outcomes(speaker).map(([segmentId]) => segmentId)).toEqual([1, 4, 2, 3]);
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('I3, I8: are in the order of acceptance for every target and listener, even if some fail', async () => {
    const random = seededRandom(testSeed('finals in any order'));
    await using speaker = await startSpeaker(true, ['es', 'ca', 'fr']);
    await using listener = await startLiveListener(stack, {
      joinCode: speaker.session.started.joinCode,
      targetLanguages: ['ca', 'fr'],
    });
    await engine.hold(true);
    // Segment ids follow the order of speaking; finals of overlapping segments arrive in any order.
    const accepted = [0, 5, 10, 15].flatMap((from) =>
      shuffled(
        [0, 1, 2, 3, 4].map((step) => from + step),
        random,
      ),
    );
    for (const segmentId of accepted) {
      if (random() < 0.2) await engine.fail({ text: `sentence ${segmentId}`, target: 'ca', status: refused });
      await speaker.session.sendFinal({ segmentId, text: `sentence ${segmentId}` });
    }
    const held = await engine.held(3 * accepted.length);
    await engine.hold(false);
    await engine.release({ ids: shuffled(held, random).map(({ id }) => id) });
    const report = await speaker.end();
    expect(report).toMatchObject({ violations: [] });
    expect(report.counts.finalsTranslated + report.counts.finalsFailed).toBe(3 * accepted.length);
    await listener.waitForMessage(({ type }) => type === 'session.ended');
    expect(listener.judge(speaker)).toEqual([]);
    for (const [{ messages }, target] of [
      [speaker, 'es'],
      [listener, 'ca'],
      [listener, 'fr'],
    ] as const) {
      const results = resultsIn(messages).filter(({ targetLanguage }) => targetLanguage === target);
      expect(results.map(({ segmentId }) => segmentId)).toEqual(accepted);
    }
  });
});
