import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  resultOf,
  resultsIn,
  startStack,
  type EngineControl,
  type TestStack,
} from './harness/index.ts';
import { cleanReport, longEngineTimeouts, startCheckedSpeaker } from './harness/checked-speaker.ts';

describe('translations', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ workers: 2, env: { ...longEngineTimeouts, SINGLEFLIGHT: 'on' } });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  it('I11: of one text into three languages at once are each in the right language', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es', 'ca', 'fr']);
    await engine.hold(true);
    speaker.session.sendPartial({ segmentId: 1, revision: 1, text: 'Good morning.' });
    await engine.held(3);
    // Both finals join the calls of that partial, each the one for its own language.
    for (const segmentId of [1, 2]) await speaker.session.sendFinal({ segmentId, text: 'Good morning.' });
    await engine.hold(false);
    await engine.release({ ids: (await engine.held()).toReversed().map(({ id }) => id) });
    expect(await speaker.end()).toMatchObject(cleanReport);
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

  it('I11: of two finals with the same first 300 characters are separate', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es']);
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
    expect(await speaker.end()).toMatchObject(cleanReport);
    const bySegment = resultsIn(speaker.messages).sort((left, right) => left.segmentId - right.segmentId);
    expect(bySegment).toMatchObject(texts.map((text) => ({ text: `[es] ${text}` })));
    expect((await engine.stats()).requests).toBe(2);
  });

  it('I1, I3: work for segment 0 and revision 0, and with gaps between segment ids', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es']);
    const startedAtMs = 1_765_000_000_000;
    for (const segmentId of [0, 1, 7, startedAtMs, startedAtMs + 2311, startedAtMs + 9000]) {
      speaker.session.sendPartial({ segmentId, revision: 0, text: `segment ${segmentId}` });
      expect(await speaker.waitForMessage(partialOf(segmentId))).toMatchObject({ revision: 0 });
      await speaker.session.sendFinal({ segmentId, text: `segment ${segmentId}.` });
      expect(await speaker.waitForMessage(resultOf(segmentId))).toMatchObject({ text: `[es] segment ${segmentId}.` });
    }
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { partialsShown: 6, finalsTranslated: 6 } });
  });
});
