import { describe, expect, it } from '@jest/globals';
import {
  createLimitedEngine,
  EngineRateLimitedError,
  EngineReplyError,
  RateLimitReachedError,
  type BatchPiece,
  type CallAsk,
  type CallOutcome,
  type Engine,
  type EngineUsage,
  type Grant,
  type TranslationPiece,
  type TranslationRequest,
} from '../src/index.ts';

const limits = {
  requests: { perMinute: 600, remaining: 599 },
  tokens: { perMinute: undefined, remaining: undefined },
};
const usage = { promptTokens: 100, completionTokens: 9 };
const request: TranslationRequest = {
  text: 'Hello.',
  source: 'en',
  target: 'es',
  kind: 'final',
  session: 'one',
  signal: new AbortController().signal,
};

/** An engine behind a limit that the test answers for. */
function limitedOf(
  pieces: (TranslationPiece | BatchPiece | Error)[] | Error,
  refusal?: Grant,
  counted?: (texts: number) => EngineUsage,
) {
  const asks: CallAsk[] = [];
  const outcomes: CallOutcome[] = [];
  const pauseMs = 1100;
  let calls = 0;
  async function* answer(): AsyncGenerator<never> {
    calls++;
    await Promise.resolve();
    for (const piece of pieces instanceof Error ? [pieces] : pieces) {
      if (piece instanceof Error) throw piece;
      yield piece as never;
    }
  }
  const engine: Engine = {
    identity: () => 'engine 1',
    name: 'engine',
    warm: () => Promise.resolve(),
    capabilities: () => Promise.resolve({ languagePairs: undefined }),
    close: () => Promise.resolve(),
    ...(counted === undefined ? {} : { countedTokens: (requests) => counted(requests.length) }),
    translate: answer,
    translateBatch: answer,
  };
  const limited = createLimitedEngine(engine, {
    countsTokens: counted !== undefined,
    take: (ask) => {
      asks.push(ask);
      const permit = { settle: (outcome: CallOutcome) => (outcomes.push(outcome), pauseMs) };
      return Promise.resolve(refusal ?? { status: 'granted', permit });
    },
  });
  const translate = async (given: Partial<TranslationRequest> = {}): Promise<TranslationPiece[]> => {
    const got: TranslationPiece[] = [];
    for await (const piece of limited.translate({ ...request, ...given })) got.push(piece);
    return got;
  };
  const translateBatch = async (texts = 3, signal = request.signal): Promise<BatchPiece[]> => {
    const got: BatchPiece[] = [];
    const requests = Array<TranslationRequest>(texts).fill(request);
    for await (const piece of limited.translateBatch?.(requests, signal) ?? []) got.push(piece);
    return got;
  };
  return { translate, translateBatch, asks, outcomes, calls: () => calls };
}

const text = { type: 'text', text: 'Hola.' } as const;

describe('an engine behind a rate limit', () => {
  it('keeps what it says of its limits, and hands on the rest', async () => {
    const { translate, asks, outcomes } = limitedOf([{ type: 'limits', limits }, text, { type: 'usage', usage }]);
    expect(await translate()).toEqual([text, { type: 'usage', usage }]);
    expect(asks).toEqual([{ kind: 'final', session: 'one', tokens: 0 }]);
    expect(outcomes).toEqual([{ tokens: undefined, limits, refused: undefined, isAnswered: true }]);
  });

  it.each([
    [0, 'final'],
    [3, 'final'],
    [4, 'partial'],
  ])('is asked for a final behind %d others of its session as for a %s', async (behind, kind) => {
    const { translate, asks } = limitedOf([text]);
    await translate({ behind });
    expect(asks).toMatchObject([{ kind }]);
  });

  it('is not called where there is no room', async () => {
    const { translate, calls } = limitedOf([text], { status: 'refused', reason: 'paced', retryAfterMs: 70 });
    const error: unknown = await translate().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitReachedError);
    expect(error).toMatchObject({ retryAfterMs: 70 });
    expect(calls()).toBe(0);
  });

  it('tells that it was refused, and for how long', async () => {
    const refused = new EngineRateLimitedError('slow down', 900, { limits });
    const { translate, outcomes } = limitedOf(refused);
    await expect(translate()).rejects.toBe(refused);
    expect(outcomes).toEqual([{ tokens: undefined, limits, refused: { retryAfterMs: 900 }, isAnswered: false }]);
  });

  it('says how long the pause is where the engine did not', async () => {
    const refused = new EngineRateLimitedError('slow down', undefined, { limits });
    const { translate, outcomes } = limitedOf(refused);
    await expect(translate()).rejects.toMatchObject({ retryAfterMs: 1100, limits, cause: refused });
    expect(outcomes).toMatchObject([{ refused: { retryAfterMs: undefined } }]);
  });

  it('counts the prompt and the output that is asked for, and learns how large prompts are', async () => {
    const pieces: TranslationPiece[] = [text, { type: 'usage', usage }];
    const { translate, asks, outcomes } = limitedOf(pieces, undefined, () => ({
      promptTokens: 50,
      completionTokens: 64,
    }));
    await translate();
    await translate();
    expect(asks.map(({ tokens }) => tokens)).toEqual([114, 119]);
    expect(outcomes.map(({ tokens }) => tokens)).toEqual([164, 164]);
  });

  it('gives its room back where nobody reads on', async () => {
    const { translate, outcomes, calls } = limitedOf([text, text]);
    await expect(translate({ signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
    expect([calls(), outcomes.length]).toEqual([0, 1]);
  });
});

describe('a batch behind a rate limit', () => {
  const texts: BatchPiece = { type: 'texts', texts: ['uno', 'dos', 'tres'] };
  /** 80 tokens of rules, and 20 a text. */
  const counted = (count: number): EngineUsage => ({ promptTokens: 80 + 20 * count, completionTokens: 64 });

  it('is one request, which counts what it holds and not what its texts would alone', async () => {
    const { translateBatch, asks } = limitedOf([texts], undefined, counted);
    await translateBatch(3);
    expect(asks).toEqual([{ kind: 'final', session: 'one', tokens: 140 + 64 }]);
  });

  it('settles what it counted as and what was said of the limits, and what it teaches holds for single texts', async () => {
    const told: BatchPiece[] = [
      { type: 'limits', limits },
      { type: 'usage', usage: { promptTokens: 280, completionTokens: 9 } },
    ];
    const { translate, translateBatch, asks, outcomes } = limitedOf([...told, texts], undefined, counted);
    expect(await translateBatch(3)).toEqual([told[1], texts]);
    expect(outcomes).toEqual([{ tokens: 280 + 64, limits, refused: undefined, isAnswered: true }]);
    await translate();
    expect(asks[1]).toMatchObject({ tokens: 110 + 64 });
  });

  it('settles the same where its answer can not be used', async () => {
    const unusable = new EngineReplyError('too few');
    const pieces = [{ type: 'limits', limits } as const, { type: 'usage', usage } as const, unusable];
    const { translateBatch, outcomes } = limitedOf(pieces, undefined, counted);
    await expect(translateBatch()).rejects.toBe(unusable);
    expect(outcomes).toEqual([{ tokens: 100 + 64, limits, refused: undefined, isAnswered: true }]);
  });

  it('tells that it was refused, for how long, and what was said of the limits', async () => {
    const refused = new EngineRateLimitedError('slow down', 900, { limits });
    const { translateBatch, outcomes } = limitedOf(refused);
    await expect(translateBatch()).rejects.toBe(refused);
    expect(outcomes).toEqual([{ tokens: undefined, limits, refused: { retryAfterMs: 900 }, isAnswered: false }]);
  });

  it('is not sent where there is no room, or nobody wants it any more', async () => {
    const full = limitedOf([texts], { status: 'refused', reason: 'no-room', retryAfterMs: 70 });
    await expect(full.translateBatch()).rejects.toBeInstanceOf(RateLimitReachedError);
    const unwanted = limitedOf([texts]);
    await expect(unwanted.translateBatch(3, AbortSignal.abort())).rejects.toThrow('cancelled');
    expect([full.calls(), unwanted.calls(), unwanted.outcomes.length]).toEqual([0, 0, 1]);
  });
});
