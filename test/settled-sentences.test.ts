import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineOf, partialOf, resultOf, startStack, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

describe('the settled sentences of an open segment', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ env: { PARTIAL_HOLD_MS: '0' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('are not translated again with the open one; the final is translated as a whole', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), {
      sourceLanguage: 'en',
      targetLanguages: ['es'],
      stability: 'balanced',
    });
    const before = await engineOf(stack).stats();
    const revisions = ['We are', 'We are all', 'We are all here.'].map((open) => `Good morning to you all. ${open}`);
    const shown: string[] = [];
    for (const [revision, text] of revisions.entries()) {
      speaker.session.sendPartial({ segmentId: 1, revision, text });
      const message = await speaker.waitForMessage(partialOf(1, { revision }));
      if (message.type === 'translation.partial') shown.push(message.concluded + message.tentative);
    }
    // With the second revision the first sentence is settled.
    expect(shown).toEqual([
      '[es] Good morning to you all. We',
      '[es] Good morning to you all. We are',
      '[es] Good morning to you all. [es] We are all here.',
    ]);
    await speaker.session.sendFinal({ segmentId: 1, text: 'Good morning to you all. We are all here.' });
    expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({
      text: '[es] Good morning to you all. We are all here.',
    });
    expect((await engineOf(stack).stats()).requests - before.requests).toBe(4);
    expect((await speaker.end()).violations).toEqual([]);
  });
});
