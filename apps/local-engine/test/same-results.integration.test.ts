import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineError, EngineRateLimitedError, type TranslationRequest } from '@parley/translation';
import { APIError, type OpenAI } from 'openai';
import { codeOf, ourEngine, sentBody, streamFromChars } from './both-clients.ts';
import { startEngineFixture, type EngineFixture } from './engine-fixture.ts';

/** The outcome of a request: the received text, and the usage or the error. */
interface Outcome {
  text: string;
  usage?: { promptTokens: number; completionTokens: number };
  error?: string;
  retryAfterMs?: number | undefined;
}

type Ask = Pick<TranslationRequest, 'text' | 'source' | 'target' | 'kind'>;
type ChatBody = OpenAI.ChatCompletionCreateParamsNonStreaming | OpenAI.ChatCompletionCreateParamsStreaming;

const short = 'Good morning everyone.';
const long = 'It is a pleasure to be here with all of you on this first day of spring. ¿Qué tal? 你好 🙂';

async function askOurs(baseUrl: string, ask: Ask): Promise<Outcome> {
  const engine = ourEngine(baseUrl);
  const outcome: Outcome = { text: '' };
  try {
    const asked = { ...ask, signal: new AbortController().signal };
    const { usage } = await engine.translate(asked, (piece) => void (outcome.text += piece));
    if (usage !== undefined) outcome.usage = usage;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    outcome.error = error.code;
    if (error instanceof EngineRateLimitedError) outcome.retryAfterMs = error.retryAfterMs;
  } finally {
    await engine.close();
  }
  return outcome;
}

/** The body that Parley's client sends, which the official client sends as well. */
function bodyOf(ask: Ask): Promise<ChatBody> {
  return sentBody<ChatBody>((baseUrl) => askOurs(baseUrl, ask));
}

async function askOfficial({ client }: EngineFixture, body: ChatBody): Promise<Outcome> {
  const outcome: Outcome = { text: '' };
  const add = ({ usage }: Pick<OpenAI.ChatCompletion, 'usage'> | OpenAI.ChatCompletionChunk, text = '') => {
    outcome.text += text;
    if (usage) outcome.usage = { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
  };
  try {
    if (body.stream === true) {
      for await (const chunk of await client.chat.completions.create(body)) {
        add(chunk, chunk.choices[0]?.delta.content ?? '');
      }
    } else {
      const completion = await client.chat.completions.create(body);
      add(completion, completion.choices[0]?.message.content ?? '');
    }
  } catch (error) {
    outcome.error = codeOf(error);
    if (error instanceof APIError && error.status === 429) {
      outcome.retryAfterMs = Number((error.headers as Headers).get('retry-after-ms'));
    }
  }
  return outcome;
}

describe("the official client and Parley's", () => {
  let marked: EngineFixture;

  beforeAll(async () => {
    marked = await startEngineFixture();
  });

  afterEach(() => marked.fetch('/debug/reset', {}));
  afterAll(() => marked.close());

  /** Both outcomes, which must be the same. */
  async function agreed(ask: Ask, engine = marked): Promise<Outcome> {
    const body = await bodyOf(ask);
    expect(body.stream).toBe(ask.text.length >= streamFromChars);
    const ours = await askOurs(engine.url, ask);
    const official = await askOfficial(engine, body);
    expect(ours).toEqual(official);
    return ours;
  }

  const pair = { source: 'en', target: 'es' } as const;

  it.each<[string, Ask]>([
    ['a partial', { text: short, kind: 'partial', ...pair }],
    ['a final in one piece', { text: short, kind: 'final', ...pair }],
    ['a streamed final', { text: long, kind: 'final', ...pair }],
    ['a long partial', { text: long, kind: 'partial', ...pair }],
    ['text with lines', { text: ' One\n\ntwo "three" \\ ', kind: 'final', ...pair }],
  ])('get the same translation and usage: %s', async (_, ask) => {
    const outcome = await agreed(ask);
    expect(outcome).toEqual({
      text: `[es] ${ask.text}`,
      usage: {
        promptTokens: expect.any(Number),
        completionTokens: Math.ceil(Array.from(`[es] ${ask.text}`).length / 4),
      },
    });
  });

  describe.each<[string, Ask]>([
    ['in one piece', { text: short, kind: 'final', ...pair }],
    ['streamed', { text: long, kind: 'final', ...pair }],
  ])('%s', (form, ask) => {
    it.each<[object, Outcome]>([
      [
        { status: 429, retryAfterMs: 1234 },
        { text: '', error: 'engine-rate-limited', retryAfterMs: 1234 },
      ],
      [{ status: 400 }, { text: '', error: 'engine-rejected' }],
      [{ status: 500 }, { text: '', error: 'engine-unavailable' }],
      [
        { status: 503, retryAfterMs: 10 },
        { text: '', error: 'engine-unavailable' },
      ],
      [{ effect: 'reset' }, { text: '', error: 'engine-unavailable' }],
      [{ cutAfterTokens: 3 }, { text: form === 'streamed' ? '[es] It is a' : '', error: 'engine-unavailable' }],
    ])('fail in the same way: %j', async (fault, outcome) => {
      await marked.fetch('/debug/fail', fault);
      await expect(agreed(ask)).resolves.toEqual(outcome);
    });

    it.each([
      [{ reply: '' }, ''],
      [{ reply: 'Buenos días.' }, 'Buenos días.'],
      [{ slowMs: 50 }, `[es] ${ask.text}`],
    ])('get the same reply: %j', async (fault, text) => {
      await marked.fetch('/debug/fail', fault);
      await expect(agreed(ask)).resolves.toMatchObject({
        text,
        usage: { completionTokens: Math.ceil(Array.from(text).length / 4) },
      });
    });
  });

  it('are rate-limited in the same way', async () => {
    const ask = { text: short, kind: 'final', ...pair } as const;
    await marked.fetch('/debug/limit', { rpm: 1, windowMs: 3_600_000, burstMs: 1 });
    await askOfficial(marked, await bodyOf(ask));
    const ours = await askOurs(marked.url, ask);
    const official = await askOfficial(marked, await bodyOf(ask));
    for (const { error, retryAfterMs } of [ours, official]) {
      expect(error).toBe('engine-rate-limited');
      // Time passes between the two.
      expect(retryAfterMs).toBeGreaterThan(3_000_000);
    }
  });

  it('report an unsupported language pair', async () => {
    await using apertium = await startEngineFixture({ ENGINE_TRANSLATIONS: 'apertium' });
    const outcome = await agreed({ text: short, kind: 'final', source: 'en', target: 'ja' }, apertium);
    expect(outcome).toEqual({ text: '', error: 'language-unsupported' });
  });
});
