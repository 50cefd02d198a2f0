import { expect, it } from '@jest/globals';
import { startStack } from './harness/index.ts';
import { partialOf, resultOf, resultsIn } from './harness/results.ts';
import { startSpeaker } from './harness/speaker.ts';

const pasted = 80;
const spoken = 5;
const english = { sourceLanguage: 'en', targetLanguages: ['es'] };

it('I13: under a tight rate limit, a session with many finals delays neither finals nor partials of another', async () => {
  await using stack = await startStack({ workers: 2, env: { OPENAI_RPM: '300', BATCHING: 'off' } });
  await using pasting = await startSpeaker(stack.streamUrl(), english);
  await using speaking = await startSpeaker(stack.streamUrl(), english);
  for (let segmentId = 0; segmentId < pasted; segmentId++) {
    await pasting.session.sendFinal({ segmentId, text: `pasted sentence ${segmentId}` });
  }
  const cameBefore = (): number => resultsIn(pasting.messages).length;
  const waits: number[] = [];
  for (let segmentId = 0; segmentId < spoken; segmentId++) {
    speaking.session.sendPartial({ segmentId, revision: 0, text: `spoken ${segmentId}` });
    await speaking.waitForMessage(partialOf(segmentId));
    const before = cameBefore();
    await speaking.session.sendFinal({ segmentId, text: `spoken sentence ${segmentId}` });
    await speaking.waitForMessage(resultOf(segmentId));
    waits.push(cameBefore() - before);
  }
  process.stderr.write(`pasted finals that came first: ${waits.join(', ')} of ${pasted}\n`);
  expect(cameBefore()).toBeLessThan(pasted);
  for (const waited of waits) expect(waited).toBeLessThan(pasted / 4);
  for (const speaker of [pasting, speaking]) {
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsFailed: 0 } });
  }
}, 120_000);
