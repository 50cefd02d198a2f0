import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineOf, partialOf, resultOf, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

describe('the settled sentences of an open segment', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ env: { PARTIAL_HOLD_MS: '0' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('are translated once, apart from the open one; the final is translated as a whole', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), {
      sourceLanguage: 'en',
      targetLanguages: ['es'],
      stability: 'balanced',
    });
    const before = await engineOf(stack).stats();
    const revisions = ['Good morning. We are', 'Good morning. We are all', 'Good morning. We are all here.'];
    const shown: string[] = [];
    for (const [revision, text] of revisions.entries()) {
      speaker.session.sendPartial({ segmentId: 1, revision, text });
      const message = await speaker.waitForMessage(partialOf(1, { revision }));
      if (message.type === 'translation.partial') shown.push(message.concluded + message.tentative);
    }
    // The second revision changes nothing until it has stood for some time, and is then shown in full.
    expect(shown).toEqual([
      '[es] Good morning. We',
      '[es] Good morning. [es] We are all',
      '[es] Good morning. [es] We are all here.',
    ]);
    await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning. We are all here.' });
    expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({ text: '[es] Good morning. We are all here.' });
    // One for the first revision, two for the second one, one for the third one and one for the final.
    expect((await engineOf(stack).stats()).requests - before.requests).toBe(5);
    expect((await speaker.end()).violations).toEqual([]);
  });
});
