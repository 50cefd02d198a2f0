import { describe, expect, it } from '@jest/globals';
import {
  EngineRateLimitedError,
  EngineReplyError,
  RateLimitReachedError,
  type CallReport,
  type CapacityRequest,
  type Engine,
  type EngineAnswer,
  type EngineUsage,
  type Grant,
  type TranslationRequest,
} from '@parley/translation';
import { CallLimiter } from '../src/endpoint/call-limiter.ts';
import { endpointOf } from './endpoint-fixture.ts';

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
  tenant: 'acme',
  session: 'one',
  signal: new AbortController().signal,
};
const answer: EngineAnswer = { text: 'Hola.' };

interface Given {
  /** Why the limiter refuses; absent: it grants. */
  readonly refusal?: Grant;
  /** What a request for so many texts counts as; absent: tokens aren't limited. */
  readonly counted?: (texts: number) => EngineUsage;
}

/** A limiter that answers as the test says, and what it was told. */
function limiterOf({ refusal, counted }: Given) {
  const asks: CapacityRequest[] = [];
  const reports: CallReport[] = [];
  const pauseMs = 1100;
  const countedTokens: Pick<Engine, 'countedTokens'> =
    counted === undefined ? {} : { countedTokens: (requests) => counted(requests.length) };
  const limiter = {
    countsTokens: counted !== undefined,
    isSaturated: false,
    acquire: (ask: CapacityRequest): Promise<Grant> => {
      asks.push(ask);
      const permit = { release: (report: CallReport) => (reports.push(report), pauseMs) };
      return Promise.resolve(refusal ?? { status: 'granted', permit });
    },
  };
  return { asks, reports, limiter, countedTokens };
}

/** An endpoint behind such a limiter, whose engine gives this answer or fails, after it has sent some text or none. */
function endpointBehind(outcome: EngineAnswer | Error, given: Given = {}, sent = '') {
  const { asks, reports, limiter, countedTokens } = limiterOf(given);
  let calls = 0;
  const engine: Engine = {
    identity: () => 'engine 1',
    usesPrevious: () => false,
    name: 'engine',
    warm: () => Promise.resolve(),
    capabilities: () => Promise.resolve({ languagePairs: undefined }),
    close: () => Promise.resolve(),
    ...countedTokens,
    translate: (_request, onText) => {
      calls++;
      if (sent !== '') onText?.(sent);
      return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
    },
  };
  const endpoint = endpointOf(engine, { limiter });
  const call = (changed: Partial<TranslationRequest> = {}): Promise<EngineAnswer> =>
    endpoint.call({ ...request, ...changed });
  return { call, asks, reports, calls: () => calls };
}

describe('a call behind a rate limit', () => {
  it('reports the limits that the engine returned', async () => {
    const { call, asks, reports } = endpointBehind({ ...answer, usage, limits });
    expect(await call()).toMatchObject({ ...answer, usage });
    expect(asks).toEqual([{ kind: 'final', tenant: 'acme', session: 'one', tokens: 0 }]);
    expect(reports).toEqual([{ tokens: undefined, limits, refused: undefined, isAnswered: true }]);
  });

  it.each([
    [0, 'final'],
    [3, 'final'],
    [4, 'partial'],
  ])('acquires for a final behind %d others of its session as for a %s', async (backlogPosition, kind) => {
    const { call, asks } = endpointBehind(answer);
    await call({ backlogPosition });
    expect(asks).toMatchObject([{ kind }]);
  });

  it('is not made without capacity', async () => {
    const refusal = { status: 'refused', reason: 'paced', retryAfterMs: 70 } as const;
    const { call, calls } = endpointBehind(answer, { refusal });
    const error: unknown = await call().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitReachedError);
    expect(error).toMatchObject({ isPaced: true });
    expect(error).toMatchObject({ retryAfterMs: 70 });
    expect(calls()).toBe(0);
  });

  it('reports a refusal and its delay', async () => {
    const refused = new EngineRateLimitedError('slow down', 900, { limits });
    const { call, reports } = endpointBehind(refused);
    await expect(call()).rejects.toBe(refused);
    expect(reports).toEqual([{ tokens: undefined, limits, refused: { retryAfterMs: 900 }, isAnswered: false }]);
  });

  it('returns the length of the pause if the engine requested none', async () => {
    const refused = new EngineRateLimitedError('slow down', undefined, { limits });
    const { call, reports } = endpointBehind(refused);
    await expect(call()).rejects.toMatchObject({ retryAfterMs: 1100, limits, cause: refused });
    expect(reports).toMatchObject([{ refused: { retryAfterMs: undefined } }]);
  });

  it.each([
    ['some of the reply had come', 'Ho', {}, true],
    ['its usage was told', '', { usage }, true],
    ['nothing came', '', {}, false],
  ])('counts as answered if it fails after %s: %#', async (_, sent, told, isAnswered) => {
    const { call, reports } = endpointBehind(Object.assign(new EngineReplyError('cut'), told), {}, sent);
    await expect(call()).rejects.toBeInstanceOf(EngineReplyError);
    expect(reports).toMatchObject([{ isAnswered }]);
  });

  it('counts the prompt and the maximum output, and corrects the estimate of prompts', async () => {
    const counted = (): EngineUsage => ({ promptTokens: 50, completionTokens: 64 });
    const { call, asks, reports } = endpointBehind({ ...answer, usage }, { counted });
    await call();
    await call();
    expect(asks.map(({ tokens }) => tokens)).toEqual([114, 119]);
    expect(reports.map(({ tokens }) => tokens)).toEqual([164, 164]);
  });

  it('releases its permit when cancelled', async () => {
    const { call, reports, calls } = endpointBehind(answer);
    await expect(call({ signal: AbortSignal.abort() })).rejects.toThrow('cancelled');
    expect([calls(), reports.length]).toEqual([0, 1]);
  });
});

describe('a batch behind a rate limit', () => {
  /** 80 tokens of rules, and 20 a text. */
  const counted = (count: number): EngineUsage => ({ promptTokens: 80 + 20 * count, completionTokens: 64 });

  function limiterOfBatches(given: Given = { counted }) {
    const { asks, reports, limiter, countedTokens } = limiterOf(given);
    return { asks, reports, calls: new CallLimiter(limiter, countedTokens) };
  }

  it('counts as one request with the tokens of the batch', async () => {
    const { asks, calls } = limiterOfBatches();
    await calls.acquire([request, request, request], request.signal);
    expect(asks).toEqual([{ kind: 'final', tenant: 'acme', session: 'one', tokens: 140 + 64 }]);
  });

  it('reports its usage and limits, and corrects the estimate of single texts too', async () => {
    const { asks, reports, calls } = limiterOfBatches();
    const permit = await calls.acquire([request, request, request], request.signal);
    permit.answered({ usage: { promptTokens: 280, completionTokens: 9 }, limits });
    expect(reports).toEqual([{ tokens: 280 + 64, limits, refused: undefined, isAnswered: true }]);
    await calls.acquire([request], request.signal);
    expect(asks[1]).toMatchObject({ tokens: 110 + 64 });
  });

  it('reports the same for an unusable reply', async () => {
    const { reports, calls } = limiterOfBatches();
    const permit = await calls.acquire([request, request, request], request.signal);
    const unusable = Object.assign(new EngineReplyError('too few'), { usage, limits });
    expect(permit.failed(unusable, false)).toBe(unusable);
    expect(reports).toEqual([{ tokens: 100 + 64, limits, refused: undefined, isAnswered: true }]);
  });

  it('is not sent when cancelled', async () => {
    const { reports, calls } = limiterOfBatches();
    await expect(calls.acquire([request, request], AbortSignal.abort())).rejects.toThrow('cancelled');
    expect(reports).toHaveLength(1);
  });
});
