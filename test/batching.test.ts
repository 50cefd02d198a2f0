import { expect, it } from '@jest/globals';
import { engineOf, startStack, workerMetric, type TestStack } from './harness/index.ts';
import { startSpeaker } from './harness/speaker.ts';

const finals = 24;
const answered = 'parley_worker_batched_texts_total{outcome="answered"}';
const fellApart = 'parley_worker_batched_texts_total{outcome="fell-apart"}';

/** Sends many finals at once with a limit of two requests per second. */
async function sayMany(stack: TestStack): Promise<string[]> {
  const options = { sourceLanguage: 'en', targetLanguages: ['es'] };
  await using speaker = await startSpeaker(stack.streamUrl(), options);
  const texts = Array.from({ length: finals }, (_, segmentId) => `sentence number ${segmentId}`);
  await Promise.all(texts.map((text, segmentId) => speaker.session.sendFinal({ segmentId, text })));
  const { violations, counts } = await speaker.end();
  expect(violations).toEqual([]);
  expect(counts).toMatchObject({ finalsTranslated: finals, finalsFailed: 0 });
  return speaker.messages
    .filter((message) => message.type === 'translation.final')
    .sort((one, other) => one.segmentId - other.segmentId)
    .map(({ text }) => text);
}

const ownTranslations = Array.from({ length: finals }, (_, segmentId) => `[es] sentence number ${segmentId}`);

it('finals are batched under a tight rate limit, and each gets its own translation', async () => {
  await using stack = await startStack({ env: { BATCHING: 'on', OPENAI_RPM: '120' } });
  expect(await sayMany(stack)).toEqual(ownTranslations);
  const { requests } = await engineOf(stack).stats();
  expect(requests).toBeLessThan(finals);
  expect(await workerMetric(stack, answered)).toBeGreaterThanOrEqual(finals - requests);
}, 90_000);

it('a batch reply that lacks a text is retried with one request per text', async () => {
  await using stack = await startStack({ env: { BATCHING: 'on', OPENAI_RPM: '600' } });
  await engineOf(stack).fail({ effect: 'wrong-length' });
  expect(await sayMany(stack)).toEqual(ownTranslations);
  expect(await workerMetric(stack, fellApart)).toBeGreaterThan(0);
}, 90_000);

it('with BATCHING=off every final is a separate request', async () => {
  await using stack = await startStack({ env: { OPENAI_RPM: '600', BATCHING: 'off' } });
  expect(await sayMany(stack)).toEqual(ownTranslations);
  expect((await engineOf(stack).stats()).requests).toBe(finals);
}, 90_000);
