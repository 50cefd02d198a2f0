import { describe, expect, it } from '@jest/globals';
import {
  createLimitedEngine,
  EngineRateLimitedError,
  RateLimitReachedError,
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
function limitedOf(pieces: TranslationPiece[] | Error, refusal?: Grant, counted?: EngineUsage) {
  const asks: CallAsk[] = [];
  const outcomes: CallOutcome[] = [];
  let calls = 0;
  const engine: Engine = {
    identity: () => 'engine 1',
    name: 'engine',
    warm: () => Promise.resolve(),
    capabilities: () => Promise.resolve({ languagePairs: undefined }),
    close: () => Promise.resolve(),
    ...(counted === undefined ? {} : { countedTokens: () => counted }),
    async *translate() {
      calls++;
      await Promise.resolve();
      if (pieces instanceof Error) throw pieces;
      yield* pieces;
    },
  };
  const limited = createLimitedEngine(engine, {
    countsTokens: counted !== undefined,
    take: (ask) => {
      asks.push(ask);
      const permit = { settle: (outcome: CallOutcome) => void outcomes.push(outcome) };
      return Promise.resolve(refusal ?? { status: 'granted', permit });
    },
  });
  const translate = async (given: Partial<TranslationRequest> = {}): Promise<TranslationPiece[]> => {
    const got: TranslationPiece[] = [];
    for await (const piece of limited.translate({ ...request, ...given })) got.push(piece);
    return got;
  };
  return { translate, asks, outcomes, calls: () => calls };
}

const text = { type: 'text', text: 'Hola.' } as const;

describe('an engine behind a rate limit', () => {
  it('keeps what it says of its limits, and hands on the rest', async () => {
    const { translate, asks, outcomes } = limitedOf([{ type: 'limits', limits }, text, { type: 'usage', usage }]);
    expect(await translate()).toEqual([text, { type: 'usage', usage }]);
    expect(asks).toEqual([{ kind: 'final', session: 'one', tokens: 0 }]);
    expect(outcomes).toEqual([{ tokens: undefined, limits, refused: undefined }]);
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
    expect(outcomes).toEqual([{ tokens: undefined, limits, refused: { retryAfterMs: 900 } }]);
  });

  it('counts the prompt and the output that is asked for, and learns how large prompts are', async () => {
    const pieces: TranslationPiece[] = [text, { type: 'usage', usage }];
    const { translate, asks, outcomes } = limitedOf(pieces, undefined, { promptTokens: 50, completionTokens: 64 });
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
