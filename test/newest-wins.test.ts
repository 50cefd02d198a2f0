import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  startStack,
  workerMetric,
  type EngineControl,
  type TestStack,
} from './harness/index.ts';
import { seededRandom, shuffled, testSeed } from './harness/seeded-random.ts';
import { cleanReport, longEngineTimeouts, startCheckedSpeaker } from './harness/checked-speaker.ts';

/** Counts the occurrences of each text. */
function countsOf(held: readonly { readonly text: string }[]): ReadonlyMap<string, number> {
  return new Map([...Map.groupBy(held, ({ text }) => text)].map(([text, replies]) => [text, replies.length]));
}

describe('with four concurrent calls per target, not shared by sessions', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    const env = { PARTIAL_IN_FLIGHT: '4', SINGLEFLIGHT: 'off', ...longEngineTimeouts };
    stack = await startStack({ workers: 2, env });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await engine.reset();
    await engine.hold(true);
  });

  it('I1, I9, I10: shows only newer revisions, although the replies for revisions 1 to 5 arrive in reverse', async () => {
    await using one = await startCheckedSpeaker(stack, ['es', 'ca']);
    await using other = await startCheckedSpeaker(stack, ['es']);
    const overtaken = 'parley_worker_commits_refused_total{reason="overtaken"}';
    const before = await workerMetric(stack, overtaken);
    const targets = 3;
    for (let revision = 1; revision <= 5; revision++) {
      for (const { session } of [one, other]) {
        session.sendPartial({ segmentId: 1, revision, text: `revision ${revision}` });
      }
      // All calls of the target are in use when the fifth revision arrives.
      expect(await engine.held(Math.min(revision, 4) * targets)).toHaveLength(Math.min(revision, 4) * targets);
    }
    const first = (await engine.held()).toReversed();
    // The reply of the fourth revision starts the fifth, whose reply is released before those of the three older ones.
    const fourth = first.filter(({ text }) => text === 'revision 4').map(({ id }) => id);
    await engine.release({ ids: fourth });
    const fifth = (await engine.held(4 * targets)).filter(({ text }) => text === 'revision 5').map(({ id }) => id);
    expect(fifth).toHaveLength(targets);
    await engine.release({ ids: fifth });
    await engine.release({ ids: first.map(({ id }) => id) });
    while ((await workerMetric(stack, overtaken)) < before + 3 * targets) await delay(20);
    for (const [speaker, targetLanguages] of [
      [one, ['es', 'ca']],
      [other, ['es']],
    ] as const) {
      for (const targetLanguage of targetLanguages) {
        const shown = partialsIn(speaker.messages).filter((partial) => partial.targetLanguage === targetLanguage);
        expect(shown.map(({ revision }) => revision)).toEqual([4, 5]);
      }
      expect(await speaker.end()).toMatchObject(cleanReport);
    }
  });

  it('I1, I9: shows only newer revisions in any order of replies, and finally the newest', async () => {
    const random = seededRandom(testSeed('replies in any order'));
    await using speaker = await startCheckedSpeaker(stack, ['es', 'ca', 'fr']);
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
        await speaker.waitForMessage(partialOf(segmentId, { revision, targetLanguage }));
      }
    }
    await Promise.all(
      [...newest.keys()].map((segmentId) => speaker.session.sendFinal({ segmentId, text: `segment ${segmentId}.` })),
    );
    expect(await speaker.end()).toMatchObject(cleanReport);
  });

  it.each([
    ['the same language', ['es'], ['es']],
    ['languages of which one code begins the other', ['pt'], ['pt-BR']],
  ])(
    'I2, I11: the translations of two sessions into %s stay apart over 200 segments, and neither cancels the other’s',
    async (_what, ...targets) => {
      const random = seededRandom(testSeed('two sessions'));
      await using one = await startCheckedSpeaker(stack, targets[0]);
      await using other = await startCheckedSpeaker(stack, targets[1]);
      // So few that no worker holds more than its share, which it would give up.
      const [segments, atOnce] = [200, 10];
      for (let from = 0; from < segments; from += atOnce) {
        await engine.reset();
        await engine.hold(true);
        const ids = Array.from({ length: atOnce }, (_, index) => from + index);
        // One session settles its segments with other texts while partials of the same texts are at the engine for the other.
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
          await slow.waitForMessage(partialOf(segmentId));
          await quick.waitForMessage(resultOf(segmentId));
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
