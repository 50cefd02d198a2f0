import { afterEach, describe, expect, it } from '@jest/globals';
import { RateLimitError } from 'openai';
import { chatRequest, startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';

const ask = (engine: EngineFixture, more: object = {}) =>
  engine.fetch('/v1/chat/completions', { ...chatRequest('Good morning.', 'en', 'es'), ...more });

/** Returns the rate-limit headers without times, which change. */
function limitsIn({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => /^x-ratelimit-(limit|remaining)-|^retry-after/.test(name)));
}

describe.each(['bucket', 'sliding'])('a local engine with limits (%s)', (limiter) => {
  let engine: EngineFixture;

  afterEach(() => engine.close());

  it('reports the remaining limits in every response, and responds with 429 when they are used up', async () => {
    engine = await startEngineFixture({ ENGINE_RPM: '3', ENGINE_LIMITER: limiter });
    const first = await ask(engine);
    expect(first.status).toBe(200);
    expect(limitsIn(first)).toEqual({ 'x-ratelimit-limit-requests': '3', 'x-ratelimit-remaining-requests': '2' });
    expect(first.headers.get('x-ratelimit-reset-requests')).toMatch(limiter === 'bucket' ? /^(19|20)/ : /^(59|1m0)/);

    const unreadable = await ask(engine, { messages: 'none' });
    expect(unreadable.status).toBe(400);
    expect(limitsIn(unreadable)).toMatchObject({ 'x-ratelimit-remaining-requests': '2' });

    const streamed = await ask(engine, { stream: true });
    expect(limitsIn(streamed)).toMatchObject({ 'x-ratelimit-remaining-requests': '1' });
    await streamed.text();
    await ask(engine);

    const refused = await ask(engine);
    expect(refused.status).toBe(429);
    const waitMs = Number(refused.headers.get('retry-after-ms'));
    expect(waitMs).toBeGreaterThan(1000);
    expect(limitsIn(refused)).toEqual({
      'x-ratelimit-limit-requests': '3',
      'x-ratelimit-remaining-requests': '0',
      'retry-after': String(Math.ceil(waitMs / 1000)),
      'retry-after-ms': String(waitMs),
    });
    expect(await refused.json()).toEqual({
      error: {
        message: expect.stringMatching(
          /^Rate limit reached for any on requests per min \(RPM\): Limit 3, Used 3, Requested 1\. Please try again in [\dm.]+s\.$/,
        ),
        type: 'requests',
        param: null,
        code: 'rate_limit_exceeded',
      },
    });
    expect(await engine.stats()).toMatchObject({ requests: 5, completed: 3, rejected: 2, rateLimited: 1 });
  });

  it('counts prompt and requested output as tokens', async () => {
    const promptTokens = Math.ceil(
      chatRequest('Good morning.', 'en', 'es').messages.reduce((sum, { content }) => sum + content.length, 0) / 4,
    );
    engine = await startEngineFixture({ ENGINE_TPM: '1000', ENGINE_LIMITER: limiter });
    const first = await ask(engine, { max_tokens: 500 });
    expect(limitsIn(first)).toEqual({
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': String(500 - promptTokens),
    });
    const refused = await ask(engine, { max_completion_tokens: 500 });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({
      error: { type: 'tokens', message: expect.stringContaining(`tokens per min (TPM): Limit 1000, Used `) },
    });
    const unlimited = await ask(engine);
    // A bucket has been refilled slightly since.
    const left = Number(unlimited.headers.get('x-ratelimit-remaining-tokens'));
    const leftAtLeast = 500 - 2 * promptTokens - Math.ceil('Good morning.'.length / 4);
    expect(left).toBeGreaterThanOrEqual(leftAtLeast);
    expect(left).toBeLessThan(leftAtLeast + 200);
    const tooLarge = await ask(engine, { max_tokens: 1000 });
    expect(tooLarge.status).toBe(429);
    expect(tooLarge.headers.has('retry-after')).toBe(false);
    expect(await tooLarge.json()).toMatchObject({
      error: { type: 'tokens', code: 'rate_limit_exceeded', message: expect.stringContaining('Request too large') },
    });
  });

  it('accepts requests again after the reported delay', async () => {
    engine = await startEngineFixture();
    await engine.fetch('/debug/limit', { rpm: 2, windowMs: 2000, limiter });
    for (let time = 1; time <= 2; time += 1) await translate(engine, 'Hello.', 'en', 'es');
    const refused = await ask(engine);
    expect(refused.status).toBe(429);
    const waitMs = Number(refused.headers.get('retry-after-ms'));
    expect(waitMs).toBeLessThanOrEqual(2000);
    await new Promise((resolve) => setTimeout(resolve, waitMs + 1));
    expect((await ask(engine)).status).toBe(200);
  });

  it('is reported as an error by the official client, which reads the headers', async () => {
    engine = await startEngineFixture({ ENGINE_RPM: '1', ENGINE_LIMITER: limiter });
    await translate(engine, 'Hello.', 'en', 'es');
    const error: unknown = await translate(engine, 'Hello.', 'en', 'es').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RateLimitError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'requests' });
  });
});

describe('POST /debug/limit', () => {
  let engine: EngineFixture;

  afterEach(() => engine.close());

  it('changes the given settings, and a reset restores them', async () => {
    engine = await startEngineFixture({ ENGINE_RPM: '1' });
    await ask(engine);
    expect((await ask(engine)).status).toBe(429);
    const answer = await engine.fetch('/debug/limit', { rpm: null, tpm: 500 });
    expect(await answer.json()).toMatchObject({ tpm: 500, limiter: 'bucket', windowMs: 60_000 });
    expect(limitsIn(await ask(engine))).toMatchObject({ 'x-ratelimit-limit-tokens': '500' });
    await engine.fetch('/debug/limit', { rpm: 7 });
    expect(limitsIn(await ask(engine))).toMatchObject({
      'x-ratelimit-limit-requests': '7',
      'x-ratelimit-limit-tokens': '500',
    });
    await engine.fetch('/debug/reset', {});
    expect(limitsIn(await ask(engine))).toEqual({
      'x-ratelimit-limit-requests': '1',
      'x-ratelimit-remaining-requests': '0',
    });
  });

  it.each([
    ['both', ['retry-after', 'retry-after-ms']],
    ['seconds', ['retry-after']],
    ['milliseconds', ['retry-after-ms']],
    ['text', []],
  ])('selects how a 429 reports the retry delay: %s', async (retryHint, names) => {
    engine = await startEngineFixture();
    await engine.fetch('/debug/limit', { rpm: 1, retryHint });
    await ask(engine);
    const refused = await ask(engine);
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining('try again in') } });
    expect([...refused.headers.keys()].filter((name) => name.startsWith('retry-after'))).toEqual(names);
    expect(refused.headers.has('x-ratelimit-limit-requests')).toBe(retryHint !== 'text');
  });

  it.each([{ rpm: 0 }, { tpm: 1.5 }, { limiter: 'leaky' }, { windowMs: 1 }, { retryHint: 'none' }, { requests: 5 }])(
    'refuses what makes no sense: %j',
    async (order) => {
      engine = await startEngineFixture();
      expect((await engine.fetch('/debug/limit', order)).status).toBe(400);
    },
  );
});
