import { expect, it } from '@jest/globals';
import { endpointLabel, engineOf, startLiveSpeaker, startStack, workerMetric } from './harness/index.ts';

/** After so many finals it is known which are slow, and one second call is saved up. */
const known = 20;

it('a slow final gets no second call while others wait for room', async () => {
  await using stack = await startStack({ env: { HEDGING: 'on', BATCHING: 'off', OPENAI_RPM: '1200' } });
  const engine = engineOf(stack);
  await using speaker = await startLiveSpeaker(stack, { sourceLanguage: 'en', targetLanguages: ['es'] });
  const say = (segmentId: number): Promise<void> =>
    speaker.session.sendFinal({ segmentId, text: `sentence number ${segmentId}` });
  for (let segmentId = 0; segmentId < known; segmentId++) {
    await say(segmentId);
    await speaker.whenHeard((message) => message.type === 'translation.final' && message.segmentId === segmentId);
  }
  // One of these may have been slow by chance, and had its second call.
  const { requests: before } = await engine.stats();
  await engine.fail({ slowMs: 500 });
  await Promise.all(Array.from({ length: known }, (_, index) => say(known + index)));
  const { violations, counts } = await speaker.end();
  expect(violations).toEqual([]);
  expect(counts).toMatchObject({ finalsTranslated: 2 * known, finalsFailed: 0 });
  const endpoint = endpointLabel(stack);
  expect(await workerMetric(stack, `parley_worker_hedges_total{${endpoint},outcome="no-room"}`)).toBeGreaterThan(0);
  expect((await engine.stats()).requests).toBe(before + known);
});
