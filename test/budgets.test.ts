import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayOf, UsageStore } from '@parley/redis/usage';
import { engineOf } from './harness/engine.ts';
import { startStack, type TestStack } from './harness/index.ts';
import { startSpeaker, type Speaker } from './harness/speaker.ts';

/** A token costs 1, so a final costs about 150: its instructions and a few for its text. */
const prices = JSON.stringify({ 'gpt-4.1-mini': { inputPerMillion: 1_000_000, outputPerMillion: 1_000_000 } });
const keys = { one: 'the-key-of-tenant-one', two: 'the-key-of-tenant-two' };

/** Sends a final and returns its result. */
async function say(speaker: Speaker, segmentId: number, text: string): Promise<string> {
  await speaker.session.sendFinal({ segmentId, text });
  const result = await speaker.waitForMessage(
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

  it('of a session first allows finals only, then nothing, and notifies the client; cached finals are free', async () => {
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

  it('of a tenant applies to its next session, and not to other tenants', async () => {
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
    // Written once a second, by the worker and by the edge, which records session time.
    while (used.costMicros < 900_000_000 || used.sessionMs === 0) used = await store.read('one', today);
    await Promise.all([speaker.end(), other.end()]);
    expect(used.costMicros).toBe((used.promptTokens + used.completionTokens) * 1_000_000);
    expect(used).toMatchObject({ unpricedTokens: 0 });
    let others = await store.read('two', today);
    while (others.requests === 0) others = await store.read('two', today);
    expect(others.requests).toBe(1);
  }, 60_000);
});

describe('the usage in session.ended', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startStack({
      env: {
        API_KEYS: `one:${keys.one},two:${keys.two}`,
        ENGINE_PRICES: prices,
        PARTIAL_HOLD_MS: '0',
      },
    });
  });
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });
  const speak = (tenant: keyof typeof keys): Promise<Speaker> =>
    startSpeaker(stack.streamUrl(), { sourceLanguage: 'en', targetLanguages: ['es'] }, {}, keys[tenant]);

  async function endedWith(speaker: Speaker): Promise<number> {
    expect((await speaker.end()).violations).toEqual([]);
    const ended = speaker.messages.find((message) => message.type === 'session.ended');
    return ended?.type === 'session.ended' ? ended.usage.tokens : 0;
  }

  /** The tokens of a tenant's day, once they are written. */
  async function tokensOfDay(tenant: keyof typeof keys, requests: number): Promise<number> {
    const store = new UsageStore(stack.redis.connect());
    for (;;) {
      const used = await store.read(tenant, dayOf(Date.now()));
      if (used.requests >= requests) return used.promptTokens + used.completionTokens;
    }
  }

  it('includes every call, also those just before the end and one that two sessions share', async () => {
    await using speaker = await speak('one');
    const engine = engineOf(stack);
    const shown = (segmentId: number, revision: number) =>
      speaker.waitForMessage(
        (message) =>
          message.type === 'translation.partial' && message.segmentId === segmentId && message.revision === revision,
      );
    const words = ['we', 'we had', 'we had a', 'we had a lot', 'we had a lot of rain'];
    for (const [revision, text] of words.entries()) {
      speaker.session.sendPartial({ segmentId: 0, revision, text });
      await shown(0, revision);
    }
    await say(speaker, 0, 'We had a lot of rain last night.');
    await engine.hold(true);
    speaker.session.sendPartial({ segmentId: 1, revision: 0, text: 'And it is cold.' });
    await engine.held(1);
    const said = say(speaker, 1, 'And it is cold.');
    await speaker.waitForMessage((message) => message.type === 'transcript.accepted' && message.segmentId === 1);
    await engine.hold(false);
    await engine.release({ all: true });
    await said;
    const tokens = await endedWith(speaker);
    const { completed, aborted, promptTokens, completionTokens } = await engine.stats();
    expect({ aborted, tokens }).toEqual({ aborted: 0, tokens: promptTokens + completionTokens });
    expect(await tokensOfDay('one', completed)).toBe(tokens);
  }, 60_000);

  it('includes the estimated cost of canceled calls', async () => {
    await using speaker = await speak('two');
    const engine = engineOf(stack);
    await engine.hold(true);
    speaker.session.sendPartial({ segmentId: 0, revision: 0, text: 'nobody hears' });
    await engine.held(1);
    const tokens = await endedWith(speaker);
    await engine.hold(false);
    expect(tokens).toBeGreaterThan(50);
    expect(await tokensOfDay('two', 1)).toBe(tokens);
  }, 60_000);
});
