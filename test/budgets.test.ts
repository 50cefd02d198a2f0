import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayOf, UsageStore } from '@parley/state';
import { startStack, type TestStack } from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

/** A token costs 1, so a final costs about 150: its instructions, and a few for what is said. */
const prices = JSON.stringify({ 'gpt-4.1-mini': { inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 } });
const keys = { one: 'the-key-of-tenant-one', two: 'the-key-of-tenant-two' };

/** Says a final, and hears what becomes of it. */
async function say(speaker: Speaker, segmentId: number, text: string): Promise<string> {
  await speaker.session.sendFinal({ segmentId, text });
  const result = await speaker.hear(
    (message) =>
      (message.type === 'translation.final' || message.type === 'translation.failed') &&
      message.segmentId === segmentId,
  );
  if (result.type === 'translation.failed') return result.code;
  return result.type === 'translation.final' ? result.text : '';
}

const degraded = ({ messages }: Speaker) => messages.filter(({ type }) => type === 'session.degraded');

describe('a budget', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startStack({
      env: {
        API_KEYS: `one:${keys.one},two:${keys.two}`,
        ENGINE_PRICES: prices,
        SESSION_BUDGET: '500',
        TENANT_DAILY_BUDGET: '900',
      },
    });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  const speak = (tenant: keyof typeof keys): Promise<Speaker> =>
    startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] }, {}, keys[tenant]);

  it('of a session leaves finals only, then nothing, and says so; a cached one costs nothing', async () => {
    await using speaker = await speak('one');
    const results: string[] = [];
    while (results.at(-1) !== 'over-budget' && results.length < 10) {
      results.push(await say(speaker, results.length, `sentence ${results.length}`));
    }
    const last = results.length - 1;
    expect(last).toBeGreaterThanOrEqual(3);
    expect(results.slice(0, last)).toEqual(results.slice(0, last).map((_, index) => `[es] sentence ${index}`));
    expect(degraded(speaker)).toEqual([{ type: 'session.degraded', reason: 'over-budget' }]);
    speaker.session.sendPartial({ segmentId: 20, revision: 0, text: 'nobody pays for this' });
    const { counts, violations } = await speaker.end();
    expect(violations).toEqual([]);
    expect(counts).toMatchObject({ finalsTranslated: last, finalsFailed: 1, partialsShown: 0 });
    const ended = speaker.messages.find((message) => message.type === 'session.ended');
    expect(ended).toMatchObject({ usage: { segments: results.length, translations: last } });
  }, 60_000);

  it("of a tenant ends what its next session may do, and leaves other tenants' alone", async () => {
    await using speaker = await speak('one');
    await using other = await speak('two');
    let result = '';
    for (let segmentId = 0; segmentId < 10 && result !== 'over-budget'; segmentId++) {
      result = await say(speaker, segmentId, `further sentence ${segmentId}`);
    }
    expect(result).toBe('over-budget');
    expect(await say(other, 0, 'hello')).toBe('[es] hello');
    const store = new UsageStore(stack.redis.connect());
    const today = dayOf(Date.now());
    let used = await store.read('one', today);
    // Written once a second, by the worker and by the edge, which counts the time of sessions while they are open.
    while (used.costMicros < 900_000_000 || used.sessionMs === 0) used = await store.read('one', today);
    await Promise.all([speaker.end(), other.end()]);
    expect(used.costMicros).toBe((used.promptTokens + used.completionTokens) * 1_000_000);
    expect(used).toMatchObject({ unpricedTokens: 0 });
    expect((await store.read('two', today)).requests).toBe(1);
  }, 60_000);
});
