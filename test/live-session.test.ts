import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startLiveSpeaker, startStack, type TestStack } from './harness/index.ts';
import { readTrace, speak } from './harness/speaker.ts';

describe('a live session over a real edge', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ env: { ENGINE_LATENCY: '20/60,1/2' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('translates a whole talk', async () => {
    const trace = readTrace('meeting').slice(0, 60);
    await using speaker = await startLiveSpeaker(
      stack,
      { sourceLanguage: 'en', targetLanguages: ['es', 'ca'], ordered: true, stability: 'off' },
      { sourceOf: sourceOfMarked, exactPartials: true, isLossless: true },
    );
    await speak(speaker.session, trace, 10);
    const last = trace.findLast(({ final }) => final);
    await speaker.waitForMessage(
      (message) => message.type === 'translation.final' && message.segmentId === last?.segment,
    );
    const report = await speaker.end();
    const finals = trace.filter(({ final }) => final).length;
    expect(report).toMatchObject({ violations: [], counts: { finalsSent: finals, finalsTranslated: 2 * finals } });
    expect(speaker.socket.connections).toBe(1);
  });
});
