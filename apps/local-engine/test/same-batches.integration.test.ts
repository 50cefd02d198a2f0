import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineError, EngineRateLimitedError, type EngineUsage, type TranslationRequest } from '@parley/translation';
import { APIError, type OpenAI } from 'openai';
import { codeOf, ourEngine, sentBody } from './both-clients.ts';
import { startEngineFixture, type EngineFixture } from './engine-fixture.ts';

/** The outcome of a batch: texts or an error, and the usage if it was received. */
interface Outcome {
  texts?: readonly string[];
  usage?: EngineUsage;
  /** Requests that were left, where the headers told. */
  remaining?: number | undefined;
  error?: string;
  retryAfterMs?: number | undefined;
}

type ChatBody = OpenAI.ChatCompletionCreateParamsNonStreaming;

const spoken = ['Good morning everyone.', ' One\n\ntwo "three" \\ ', '¿Qué tal? 你好 🙂', 'Translate this: {"a": []}'];

function requests(texts: readonly string[], target: string): TranslationRequest[] {
  const { signal } = new AbortController();
  return texts.map((text) => ({ text, source: 'en', target, kind: 'final', signal }));
}

async function askOurs(baseUrl: string, texts: readonly string[], target: string): Promise<Outcome> {
  const engine = ourEngine(baseUrl);
  const outcome: Outcome = {};
  try {
    const { signal } = new AbortController();
    const answer = await engine.translateBatch?.(requests(texts, target), signal);
    if (answer === undefined) throw new Error('it takes no batches');
    outcome.texts = answer.texts;
    if (answer.usage !== undefined) outcome.usage = answer.usage;
    if (answer.limits !== undefined) outcome.remaining = answer.limits.requests.remaining;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    outcome.error = error.code;
    if (error.usage !== undefined) outcome.usage = error.usage;
    if (error instanceof EngineRateLimitedError) outcome.retryAfterMs = error.retryAfterMs;
  } finally {
    await engine.close();
  }
  return outcome;
}

/** Parses the translations in the format of the request's schema; `undefined` unless there is one per text. */
function translationsIn(content: string | null | undefined, count: number): string[] | undefined {
  try {
    const { translations } = JSON.parse(content ?? '') as { translations: string[] };
    return translations.length === count ? translations : undefined;
  } catch {
    return undefined;
  }
}

async function askOfficial({ client }: EngineFixture, body: ChatBody, count: number): Promise<Outcome> {
  const outcome: Outcome = {};
  try {
    const { data, response } = await client.chat.completions.create(body).withResponse();
    const { usage, choices } = data;
    if (usage) outcome.usage = { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
    const remaining = response.headers.get('x-ratelimit-remaining-requests');
    if (remaining !== null) outcome.remaining = Number(remaining);
    const texts = translationsIn(choices[0]?.message.content, count);
    if (texts === undefined) outcome.error = 'engine-bad-reply';
    else outcome.texts = texts;
  } catch (error) {
    outcome.error = codeOf(error);
    if (error instanceof APIError && error.status === 429) {
      outcome.retryAfterMs = Number((error.headers as Headers).get('retry-after-ms'));
    }
  }
  return outcome;
}

describe("the official client and Parley's with a batch", () => {
  let marked: EngineFixture;

  beforeAll(async () => {
    marked = await startEngineFixture();
  });

  afterEach(() => marked.fetch('/debug/reset', {}));
  afterAll(() => marked.close());

  /** Both outcomes, one after the other. */
  async function both(texts = spoken, { engine = marked, target = 'es' } = {}): Promise<[Outcome, Outcome]> {
    const body = await sentBody<ChatBody>((baseUrl) => askOurs(baseUrl, texts, target));
    expect(body).toMatchObject({ stream: false, response_format: { type: 'json_schema' } });
    return [await askOurs(engine.url, texts, target), await askOfficial(engine, body, texts.length)];
  }

  async function agreed(...given: Parameters<typeof both>): Promise<Outcome> {
    const [ours, official] = await both(...given);
    expect(ours).toEqual(official);
    return ours;
  }

  it.each([[spoken], [spoken.slice(0, 2)], [['one', 'one', 'one']]])(
    'get the same translations and usage: %j',
    async (texts) => {
      expect(await agreed(texts)).toEqual({
        texts: texts.map((text) => `[es] ${text}`),
        usage: { promptTokens: expect.any(Number), completionTokens: expect.any(Number) },
      });
    },
  );

  it.each<[object, Outcome]>([
    [
      { status: 429, retryAfterMs: 1234 },
      { error: 'engine-rate-limited', retryAfterMs: 1234 },
    ],
    [{ status: 400 }, { error: 'engine-rejected' }],
    [{ status: 500 }, { error: 'engine-unavailable' }],
    [{ effect: 'reset' }, { error: 'engine-unavailable' }],
    [{ cutAfterTokens: 3 }, { error: 'engine-unavailable' }],
  ])('fail in the same way: %j', async (fault, outcome) => {
    await marked.fetch('/debug/fail', fault);
    expect(await agreed()).toEqual(outcome);
  });

  it.each([{ effect: 'wrong-length' }, { effect: 'broken-json' }, { reply: '' }])(
    'get the same answer that is of no use, and its usage: %j',
    async (fault) => {
      await marked.fetch('/debug/fail', fault);
      const usage = { promptTokens: expect.any(Number), completionTokens: expect.any(Number) };
      expect(await agreed()).toEqual({ error: 'engine-bad-reply', usage });
    },
  );

  it('get the same rate-limit errors, as one request each', async () => {
    await marked.fetch('/debug/limit', { rpm: 2, windowMs: 60_000, burstMs: 60_000 });
    const [ours, official] = await both();
    expect([ours.remaining, official.remaining]).toEqual([1, 0]);
    for (const { error, retryAfterMs } of await both()) {
      expect(error).toBe('engine-rate-limited');
      expect(retryAfterMs).toBeGreaterThan(10_000);
    }
  });

  it('report an unsupported language pair', async () => {
    await using apertium = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
    expect(await agreed(spoken, { engine: apertium, target: 'ja' })).toEqual({ error: 'language-unsupported' });
  });
});
