import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  engineOf,
  partialOf,
  partialsIn,
  resultOf,
  startStack,
  type EngineControl,
  type LiveSpeaker,
  type TestStack,
} from './harness/index.ts';
import { cleanReport, startCheckedSpeaker } from './harness/checked-speaker.ts';

const judged = (decision: string): string => `parley_edge_partials_judged_total{decision="${decision}"}`;

/** Returns the sum of a series over the metrics pages of all edges. */
async function edgeMetric(stack: TestStack, series: string): Promise<number> {
  const pages = await Promise.all(stack.edges.map(async ({ metricsUrl }) => (await fetch(metricsUrl)).text()));
  const lines = pages.flatMap((page) => page.split('\n')).filter((line) => line.startsWith(`${series} `));
  return lines.reduce((sum, line) => sum + Number(line.slice(series.length + 1)), 0);
}

async function edgesCounted(stack: TestStack, series: string, atLeast: number): Promise<void> {
  while ((await edgeMetric(stack, series)) < atLeast) await delay(20);
}

const shownIn = (speaker: LiveSpeaker, targetLanguage = 'es') =>
  partialsIn(speaker.messages)
    .filter((partial) => partial.targetLanguage === targetLanguage)
    .map(({ revision }) => revision);

describe('debounced partials', () => {
  let stack: TestStack;
  let engine: EngineControl;
  beforeAll(async () => {
    stack = await startStack({ env: { PARTIAL_HOLD_MS: '400' } });
    engine = engineOf(stack);
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  beforeEach(() => engine.reset());

  it('I1, I9: wait for a newer one, and the last one before a pause is shown', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es', 'ca']);
    const texts = ['the', 'then', 'them', 'the morning', 'the mornings', 'the mourning', 'the moaning'];
    for (const [revision, text] of texts.entries()) speaker.session.sendPartial({ segmentId: 1, revision, text });
    for (const targetLanguage of ['es', 'ca']) {
      await speaker.waitForMessage(partialOf(1, { revision: 6, targetLanguage }));
      for (const revision of [1, 2, 4, 5]) expect(shownIn(speaker, targetLanguage)).not.toContain(revision);
    }
    await speaker.session.sendFinal({ segmentId: 1, text: 'the morning.' });
    expect(await speaker.end()).toMatchObject(cleanReport);
  });

  it('cost no call if their text is equivalent, except for a new language', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es']);
    const before = await edgeMetric(stack, judged('same'));
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'how are you' });
    await speaker.waitForMessage(partialOf(1, { revision: 0 }));
    speaker.session.sendPartial({ segmentId: 1, revision: 1, text: ' how  are you ' });
    await edgesCounted(stack, judged('same'), before + 1);
    expect((await engine.stats()).requests).toBe(1);
    speaker.session.update({ targetLanguages: ['es', 'ca'] });
    speaker.session.sendPartial({ segmentId: 1, revision: 2, text: 'how are you' });
    expect(await speaker.waitForMessage(partialOf(1, { targetLanguage: 'ca' }))).toMatchObject({ revision: 2 });
    expect(await speaker.end()).toMatchObject(cleanReport);
  });

  it('I2: end with their final', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es']);
    const due = await edgeMetric(stack, judged('due'));
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'the mining' });
    speaker.session.sendPartial({ segmentId: 1, revision: 1, text: 'the morning' });
    await speaker.session.sendFinal({ segmentId: 1, text: 'the evening' });
    await speaker.waitForMessage(resultOf(1));
    // A partial debounced after the final would be due after it.
    speaker.session.sendPartial({ segmentId: 2, revision: 0, text: 'a mining' });
    speaker.session.sendPartial({ segmentId: 2, revision: 1, text: 'a morning' });
    await speaker.waitForMessage(partialOf(2, { revision: 1 }));
    expect(await edgeMetric(stack, judged('due'))).toBe(due + 1);
    expect((await engine.stats()).requests).toBeLessThanOrEqual(4);
    await speaker.session.sendFinal({ segmentId: 2, text: 'a morning' });
    expect(await speaker.end()).toMatchObject(cleanReport);
  });

  it('are shown at once to listeners of the source language, without a call', async () => {
    await using speaker = await startCheckedSpeaker(stack, ['es', 'en']);
    const due = await edgeMetric(stack, judged('due'));
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'the mining' });
    speaker.session.sendPartial({ segmentId: 1, revision: 1, text: 'the morning' });
    await speaker.waitForMessage(partialOf(1, { revision: 1, targetLanguage: 'en' }));
    await speaker.waitForMessage(partialOf(1, { revision: 1, targetLanguage: 'es' }));
    expect(await edgeMetric(stack, judged('due'))).toBe(due + 1);
    expect(await speaker.end()).toMatchObject(cleanReport);
  });
});

describe('a partial with a long debounce', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startStack({ edges: 2, env: { PARTIAL_HOLD_MS: '5000' } });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it.each(['cut', 'stopped'])(
    'I9: is sent when its connection is %s, and shown wherever its speaker is then',
    async (how) => {
      const debounced = await edgeMetric(stack, judged('debounced'));
      await using speaker = await startCheckedSpeaker(stack, ['es']);
      speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'the mining' });
      speaker.session.sendPartial({ segmentId: 1, revision: 1, text: 'the morning' });
      await edgesCounted(stack, judged('debounced'), debounced + 1);
      if (how === 'cut') speaker.socket.cut();
      else await stack.edges[0]?.child.stop();
      await speaker.waitForMessage(partialOf(1, { revision: 1 }));
      await speaker.session.sendFinal({ segmentId: 1, text: 'the morning' });
      expect(await speaker.end()).toMatchObject(cleanReport);
    },
  );
});

it('every partial is sent with debouncing off', async () => {
  await using stack = await startStack({ env: { PARTIAL_HOLD_MS: '0', PARTIAL_IN_FLIGHT: '4' } });
  await using speaker = await startCheckedSpeaker(stack, ['es']);
  const texts = ['the mining', 'the morning', 'the morning', 'The morning'];
  for (const [revision, text] of texts.entries()) {
    speaker.session.sendPartial({ segmentId: 1, revision, text });
    await speaker.waitForMessage(partialOf(1, { revision }));
  }
  expect(await edgeMetric(stack, judged('sent'))).toBe(texts.length);
  expect(await speaker.end()).toMatchObject(cleanReport);
});
