import { setTimeout as wait } from 'node:timers/promises';
import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { engineOf, startStack, type TestStack } from './harness/index.ts';
import { partialOf, partialsIn, resultOf } from './harness/results.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

const toSpanish = { sourceLanguage: 'en', targetLanguages: ['es'] };

/** Returns this number of different words, with a sentence end after every twelfth. */
function words(count: number, from = 0): string {
  return Array.from(
    { length: count },
    (_, index) => `word${from + index}${(from + index) % 12 === 11 ? '.' : ''}`,
  ).join(' ');
}

/** Returns the texts shown for a segment before its final, in order. */
function shownOf({ messages }: Speaker, segmentId: number): string[] {
  return partialsIn(messages.filter(partialOf(segmentId))).map(({ concluded, tentative }) => concluded + tentative);
}

function neverShorter(shown: readonly string[]): boolean {
  return shown.every(({ length }, index) => length >= (shown[index - 1]?.length ?? 0));
}

describe('the translations of a segment with an engine of 200 characters per second', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ env: { ENGINE_LATENCY: '20/21,20/21' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I37: never get shorter when a long final differs from its last partial', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: words(34) });
    await speaker.waitForMessage(partialOf(1));
    expect(shownOf(speaker, 1)).toEqual([`[es] ${words(34)}`]);
    const text = `Well, ${words(60)}`;
    await speaker.session.sendFinal({ segmentId: 1, text });
    expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({
      type: 'translation.final',
      text: `[es] ${text}`,
    });
    const [partial = '', ...previews] = shownOf(speaker, 1);
    expect(previews.length).toBeGreaterThan(1);
    expect(previews[0]?.length).toBeGreaterThan(partial.length);
    expect(previews.every((preview) => preview.startsWith('[es] Well'))).toBe(true);
    expect(neverShorter(previews)).toBe(true);
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });

  it('I37: never get shorter when a call is interrupted and restarted', async () => {
    await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
    const text = words(60, 100);
    await engineOf(stack).fail({ text, cutAfterTokens: 60, times: 1 });
    await speaker.session.sendFinal({ segmentId: 1, text });
    expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({
      type: 'translation.final',
      text: `[es] ${text}`,
    });
    const shown = shownOf(speaker, 1);
    expect(shown.length).toBeGreaterThan(3);
    expect(neverShorter(shown)).toBe(true);
  });

  it('show the newest words of a segment that stays open for thousands of characters', async () => {
    await engineOf(stack).reset();
    await using speaker = await startSpeaker(stack.streamUrl(), toSpanish, {
      sourceOf: sourceOfMarked,
      exactPartials: true,
    });
    let revision = 0;
    let spoken = 400;
    for (; spoken < 460; spoken += 3) {
      speaker.session.sendPartial({ segmentId: 1, revision: revision++, text: words(spoken) });
      await wait(200);
    }
    speaker.session.sendPartial({ segmentId: 1, revision, text: words(spoken) });
    // The goal is two seconds.
    const late = wait(4000).then(() => undefined);
    expect(await Promise.race([speaker.waitForMessage(partialOf(1, { revision })), late])).toBeDefined();
    const shown = shownOf(speaker, 1);
    expect(shown.at(-1)).toMatch(new RegExp(`word${spoken - 1}$`));
    expect(shown.length).toBeGreaterThan(3);
    const { requests } = await engineOf(stack).stats();
    expect(words(spoken).length).toBeGreaterThan(3500);
    // Twenty pieces once, and only the last ones at every revision.
    expect(requests).toBeLessThan(20 + 3 * (revision + 1));
    await speaker.session.sendFinal({ segmentId: 1, text: `${words(30)}.` });
    expect(await speaker.end()).toMatchObject({ violations: [] });
  });
});

describe('a final whose translation takes longer than the total timeout', () => {
  it('is translated completely, with a single call', async () => {
    const env = { ENGINE_LATENCY: '5/6,5/6', ENGINE_FIRST_TOKEN_TIMEOUT_MS: '1500', ENGINE_TOTAL_TIMEOUT_MS: '2000' };
    await using stack = await startStack({ env });
    await using speaker = await startSpeaker(stack.streamUrl(), toSpanish);
    const text = words(520);
    expect(text.length).toBeGreaterThan(4000);
    await speaker.session.sendFinal({ segmentId: 1, text });
    expect(await speaker.waitForMessage(resultOf(1))).toMatchObject({
      type: 'translation.final',
      text: `[es] ${text}`,
    });
    expect((await engineOf(stack).stats()).requests).toBe(1);
  });
});

describe('a tenant that sends very long finals', () => {
  it('does not delay short finals of others', async () => {
    const env = { API_KEYS: 'long:the-key-of-long-texts,short:the-key-of-short-texts', ENGINE_LATENCY: '20/21,1/2' };
    await using stack = await startStack({ env });
    const targetLanguages = ['es', 'ca', 'fr', 'pt'];
    await using long = await startSpeaker(
      stack.streamUrl(),
      { ...toSpanish, targetLanguages },
      {},
      'the-key-of-long-texts',
    );
    await using short = await startSpeaker(stack.streamUrl(), toSpanish, {}, 'the-key-of-short-texts');
    const finals = Array.from({ length: 24 }, (_, segmentId) => ({ segmentId, text: words(1000, segmentId) }));
    await Promise.all(finals.map((final) => long.session.sendFinal(final)));
    for (let segmentId = 0; segmentId < 3; segmentId++) {
      await short.session.sendFinal({ segmentId, text: `Good morning to all of you ${segmentId}.` });
      await short.waitForMessage(resultOf(segmentId));
    }
    const done = long.messages.filter(({ type }) => type === 'translation.final').length;
    // Each waited for at most a few of the long ones, not for all earlier ones.
    expect(done).toBeLessThan(72);
    expect(await long.end()).toMatchObject({ violations: [] });
    expect(long.messages.filter(({ type }) => type === 'translation.final')).toHaveLength(96);
  });
});
