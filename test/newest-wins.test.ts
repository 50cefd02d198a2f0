import { setTimeout as delay } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  resultsIn,
  startLiveSpeaker,
  startStack,
  workerMetric,
  type EngineControl,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { seededRandom, shuffled, testSeed } from './harness/seeded-random.ts';

const judge = { sourceOf: sourceOfMarked, exactPartials: true, losesNothing: true };
const nothingWrong = { violations: [], counts: { finalsFailed: 0 } };
const patience = { ENGINE_FIRST_TOKEN_TIMEOUT_MS: '30000', ENGINE_TOTAL_TIMEOUT_MS: '60000' };

/** How often each text is there. */
function countsOf(held: readonly { readonly text: string }[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(held, ({ text }) => text)].map(([text, replies]) => [text, replies.length]));
}

const speakInto = (stack: TestStack, targetLanguages: string[]): Promise<LiveSpeaker> =>
  startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages, stability: 'off' }, judge);

describe('with four calls in flight for each slot, none of them shared by sessions', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ workers: 2, env: { PARTIAL_IN_FLIGHT: '4', SINGLEFLIGHT: 'off', ...patience } });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await engine.reset();
    await engine.hold(true);
  });

  it('I1, I9, I10: shows only what is newer, though the replies for revisions 1 to 5 come back reversed', async () => {
    await using one = await speakInto(stack, ['es', 'ca']);
    await using other = await speakInto(stack, ['es']);
    const overtaken = 'parley_worker_commits_refused_total{reason="overtaken"}';
    const before = await workerMetric(stack, overtaken);
    const slots = 3;
    for (let revision = 1; revision <= 5; revision++) {
      for (const { session } of [one, other]) {
        session.sendPartial({ segmentId: 1, revision, text: `revision ${revision}` });
      }
      // The fifth finds every place of its slot taken.
      expect(await engine.held(Math.min(revision, 4) * slots)).toHaveLength(Math.min(revision, 4) * slots);
    }
    const first = (await engine.held()).toReversed();
    // The fourth revision's reply makes room for the fifth, whose reply is let go before those of the three older ones.
    const fourth = first.filter(({ text }) => text === 'revision 4').map(({ id }) => id);
    await engine.release({ ids: fourth });
    const fifth = (await engine.held(4 * slots)).filter(({ text }) => text === 'revision 5').map(({ id }) => id);
    expect(fifth).toHaveLength(slots);
    await engine.release({ ids: fifth });
    await engine.release({ ids: first.map(({ id }) => id) });
    while ((await workerMetric(stack, overtaken)) < before + 3 * slots) await delay(20);
    for (const [speaker, targetLanguages] of [
      [one, ['es', 'ca']],
      [other, ['es']],
    ] as const) {
      for (const targetLanguage of targetLanguages) {
        const shown = partialsIn(speaker.messages).filter((partial) => partial.targetLanguage === targetLanguage);
        expect(shown.map(({ revision }) => revision)).toEqual([4, 5]);
      }
      expect(await speaker.end()).toMatchObject(nothingWrong);
    }
  });

  it('I1, I9: shows only what is newer, in whatever order the replies come, and the newest in the end', async () => {
    const random = seededRandom(testSeed('replies in any order'));
    await using speaker = await speakInto(stack, ['es', 'ca', 'fr']);
    const newest = new Map<number, number>();
    for (let revision = 0; revision < 12; revision++) {
      for (let segmentId = 0; segmentId < 5; segmentId++) {
        if (random() < 0.3) continue;
        newest.set(segmentId, revision);
        speaker.session.sendPartial({ segmentId, revision, text: `segment ${segmentId} revision ${revision}` });
      }
      const held = await engine.held(1);
      await engine.release({
        ids: shuffled(held, random)
          .slice(0, held.length * random())
          .map(({ id }) => id),
      });
    }
    await engine.hold(false);
    await engine.release({ ids: shuffled(await engine.held(), random).map(({ id }) => id) });
    for (const [segmentId, revision] of newest) {
      for (const targetLanguage of ['es', 'ca', 'fr']) {
        await speaker.whenHeard(partialOf(segmentId, { revision, targetLanguage }));
      }
    }
    await Promise.all(
      [...newest.keys()].map((segmentId) => speaker.session.sendFinal({ segmentId, text: `segment ${segmentId}.` })),
    );
    expect(await speaker.end()).toMatchObject(nothingWrong);
  });

  it.each([
    ['the same language', ['es'], ['es']],
    ['languages of which one code begins the other', ['pt'], ['pt-BR']],
  ])(
    'I2, I11: the translations of two sessions into %s stay apart over 200 segments, and neither cancels the other’s',
    async (_what, ...targets) => {
      const random = seededRandom(testSeed('two sessions'));
      await using one = await speakInto(stack, targets[0]);
      await using other = await speakInto(stack, targets[1]);
      const [segments, atOnce] = [200, 20];
      for (let from = 0; from < segments; from += atOnce) {
        await engine.reset();
        await engine.hold(true);
        const ids = Array.from({ length: atOnce }, (_, index) => from + index);
        // One settles its segments with other texts while the other's partials of the same texts are at the engine.
        const [quick, slow] = random() < 0.5 ? [one, other] : [other, one];
        for (const { session } of [quick, slow]) {
          const heldBefore = countsOf(await engine.held());
          for (const segmentId of shuffled(ids, random)) {
            session.sendPartial({ segmentId, revision: 0, text: `sentence ${segmentId}` });
          }
          const areAllThere = (held: ReadonlyMap<string, number>) =>
            ids
              .map((segmentId) => `sentence ${segmentId}`)
              .every((text) => (held.get(text) ?? 0) > (heldBefore.get(text) ?? 0));
          while (!areAllThere(countsOf(await engine.held()))) await delay(20);
        }
        const name = quick === one ? 'one' : 'other';
        await Promise.all(
          ids.map((segmentId) => quick.session.sendFinal({ segmentId, text: `sentence ${segmentId} of ${name}` })),
        );
        await engine.when(({ aborted }) => aborted >= atOnce);
        const stillHeld = countsOf(await engine.held(2 * atOnce));
        expect(ids.filter((segmentId) => !stillHeld.has(`sentence ${segmentId}`))).toEqual([]);
        await engine.hold(false);
        await engine.release({ ids: shuffled(await engine.held(), random).map(({ id }) => id) });
        const second = slow === one ? 'one' : 'other';
        for (const segmentId of ids) {
          await slow.whenHeard(partialOf(segmentId));
          await quick.whenHeard(resultOf(segmentId));
        }
        await Promise.all(
          ids.map((segmentId) => slow.session.sendFinal({ segmentId, text: `sentence ${segmentId} of ${second}` })),
        );
      }
      for (const speaker of [one, other]) {
        const { violations, counts } = await speaker.end();
        expect({ violations, counts }).toMatchObject({ violations: [], counts: { finalsTranslated: segments } });
      }
    },
  );
});

describe('translations', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ workers: 2, env: patience });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  it('I11: of one text into three languages at once are each in its own', async () => {
    await using speaker = await speakInto(stack, ['es', 'ca', 'fr']);
    await engine.hold(true);
    speaker.session.sendPartial({ segmentId: 1, revision: 1, text: 'Good morning.' });
    await engine.held(3);
    // Both finals join the calls of that partial, each the one into its own language.
    for (const segmentId of [1, 2]) await speaker.session.sendFinal({ segmentId, text: 'Good morning.' });
    await engine.hold(false);
    await engine.release({ ids: (await engine.held()).toReversed().map(({ id }) => id) });
    expect(await speaker.end()).toMatchObject(nothingWrong);
    const texts = resultsIn(speaker.messages).map((result) => [
      result.segmentId,
      result.targetLanguage,
      result.type === 'translation.final' && result.text,
    ]);
    const expected = [1, 2].flatMap((segmentId) =>
      ['es', 'ca', 'fr'].map((target) => [segmentId, target, `[${target}] Good morning.`]),
    );
    expect(new Set(texts.map((text) => text.join()))).toEqual(new Set(expected.map((text) => text.join())));
    expect(texts).toHaveLength(6);
  });

  it('I11: of two finals that share their first 300 characters are two', async () => {
    await using speaker = await speakInto(stack, ['es']);
    const beginning = 'the same beginning again '.repeat(12);
    await engine.hold(true);
    const texts = [`${beginning}and one end`, `${beginning}and another end`];
    for (const [segmentId, text] of texts.entries()) {
      speaker.session.sendPartial({ segmentId, revision: 0, text });
      await engine.held(segmentId + 1);
    }
    await Promise.all(texts.map((text, segmentId) => speaker.session.sendFinal({ segmentId, text })));
    await engine.hold(false);
    await engine.release({ ids: (await engine.held()).toReversed().map(({ id }) => id) });
    expect(await speaker.end()).toMatchObject(nothingWrong);
    const bySegment = resultsIn(speaker.messages).sort((left, right) => left.segmentId - right.segmentId);
    expect(bySegment).toMatchObject(texts.map((text) => ({ text: `[es] ${text}` })));
    expect((await engine.stats()).requests).toBe(2);
  });

  it('I1, I3: of segment 0 and revision 0, and of segments with holes between them, are as good as any other', async () => {
    await using speaker = await speakInto(stack, ['es']);
    const startedAtMs = 1_765_000_000_000;
    for (const segmentId of [0, 1, 7, startedAtMs, startedAtMs + 2311, startedAtMs + 9000]) {
      speaker.session.sendPartial({ segmentId, revision: 0, text: `segment ${segmentId}` });
      expect(await speaker.whenHeard(partialOf(segmentId))).toMatchObject({ revision: 0 });
      await speaker.session.sendFinal({ segmentId, text: `segment ${segmentId}.` });
      expect(await speaker.whenHeard(resultOf(segmentId))).toMatchObject({ text: `[es] segment ${segmentId}.` });
    }
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { partialsShown: 6, finalsTranslated: 6 } });
  });
});

describe('a session of 5,000 segments', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ workers: 1, env: { MAX_FRAMES_PER_SECOND: '10000' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I18: has no more keys than a short one, and they stay bounded', async () => {
    await using speaker = await startLiveSpeaker(
      stack,
      { sourceLanguage: 'en', targetLanguages: ['es'], ordered: true, stability: 'off' },
      { sourceOf: sourceOfMarked, losesNothing: true },
    );
    const redis = stack.redis.connect();
    const session = `{s:${speaker.session.started.sessionId}}`;
    const [segments, window] = [5000, 100];
    const filling = 'word '.repeat(100);
    const mebibyte = 1024 * 1024;
    for (let from = 0; from < segments; from += window) {
      const ids = Array.from({ length: window }, (_, index) => from + index);
      speaker.session.sendPartial({ segmentId: from, revision: 0, text: 'word' });
      // Most are in the target language already: they go the same way, but for the lane and the engine.
      const accepted = ids.map((segmentId) => {
        const language = segmentId % 5 === 0 ? 'en' : 'es';
        return speaker.session.sendFinal({ segmentId, language, text: `${segmentId} ${filling}` });
      });
      await Promise.all(accepted);
      await speaker.whenHeard(resultOf(from + window - 1));
      expect(await redis.hlen(`${session}:segments`)).toBeLessThan(1024 + 256 + 10);
      expect(await redis.hlen(`${session}:pending`)).toBeLessThan(10);
    }
    expect((await redis.keys(`${session}*`)).sort()).toEqual(
      ['log', 'pending', 'segments', 'session'].map((name) => `${session}:${name}`),
    );
    expect(Number(await redis.hget(`${session}:session`, 'logBytes'))).toBeLessThanOrEqual(4 * mebibyte);
    expect(Number(await redis.hget(`${session}:session`, 'logBytes'))).toBeGreaterThan(3 * mebibyte);
    expect(Number(await redis.memory('USAGE', `${session}:log`, 'SAMPLES', 0))).toBeLessThan(6 * mebibyte);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: segments } });
  });
});
