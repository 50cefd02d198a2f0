import { sourceOfMarked } from '@parley/checker';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resultOf, startLiveSpeaker, startStack, type TestStack } from './harness/index.ts';

describe('a session of 5,000 segments', () => {
  let stack: TestStack;
  beforeAll(async () => (stack = await startStack({ workers: 1, env: { MAX_FRAMES_PER_SECOND: '10000' } })));
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  it('I18: has no more keys than a short one, and their size stays bounded', async () => {
    await using speaker = await startLiveSpeaker(
      stack,
      { sourceLanguage: 'en', targetLanguages: ['es'], ordered: true, stability: 'off' },
      { sourceOf: sourceOfMarked, isLossless: true },
    );
    const redis = stack.redis.connect();
    const session = `{s:${speaker.session.started.sessionId}}`;
    const [segments, window] = [5000, 100];
    const filling = 'word '.repeat(100);
    const mebibyte = 1024 * 1024;
    for (let from = 0; from < segments; from += window) {
      const ids = Array.from({ length: window }, (_, index) => from + index);
      speaker.session.sendPartial({ segmentId: from, revision: 0, text: 'word' });
      // Most are in the target language already: they take the same path except for queue and engine.
      const accepted = ids.map((segmentId) => {
        const language = segmentId % 5 === 0 ? 'en' : 'es';
        return speaker.session.sendFinal({ segmentId, language, text: `${segmentId} ${filling}` });
      });
      await Promise.all(accepted);
      await speaker.waitForMessage(resultOf(from + window - 1));
      // Of each settled segment a mark, and what corrections need.
      expect(await redis.hlen(`${session}:segments`)).toBeLessThan(2 * (1024 + 256) + 10);
      expect(await redis.hlen(`${session}:pending`)).toBeLessThan(10);
    }
    expect((await redis.keys(`${session}*`)).sort()).toEqual(
      ['log', 'pending', 'segments', 'session', 'transcript'].map((name) => `${session}:${name}`),
    );
    expect(Number(await redis.hget(`${session}:session`, 'logBytes'))).toBeLessThanOrEqual(4 * mebibyte);
    expect(Number(await redis.hget(`${session}:session`, 'logBytes'))).toBeGreaterThan(3 * mebibyte);
    expect(Number(await redis.memory('USAGE', `${session}:log`, 'SAMPLES', 0))).toBeLessThan(6 * mebibyte);
    expect(Number(await redis.hget(`${session}:session`, 'transcriptBytes'))).toBeLessThanOrEqual(8 * mebibyte);
    expect(Number(await redis.memory('USAGE', `${session}:transcript`, 'SAMPLES', 0))).toBeLessThan(12 * mebibyte);
    expect(await speaker.end()).toMatchObject({ violations: [], counts: { finalsTranslated: segments } });
  });
});
