import { describe, expect, it } from '@jest/globals';
import {
  EngineTimeoutError,
  EngineUnavailableError,
  type EngineUsage,
  type PaidCall,
  type TranslationRequest,
} from '@parley/translation';
import { CallMeter } from '../src/endpoint/call-meter.ts';

const price = { inputPerMillion: 0.4, outputPerMillion: 1.6 };
const account = { sessionId: 's', tenant: 't' };
const usage: EngineUsage = { promptTokens: 100, completionTokens: 10 };

function request(text = 'Hello'): TranslationRequest {
  const { signal } = new AbortController();
  return { text, source: 'en', target: 'es', kind: 'final', session: 's', tenant: 't', signal };
}

function start() {
  const calls: PaidCall[] = [];
  const counted: number[] = [];
  const meter = new CallMeter({
    engine: {
      countedTokens: (requests) => {
        counted.push(requests.length);
        return { promptTokens: 7, completionTokens: 64 };
      },
    },
    spending: { spent: (call) => void calls.push(call) },
    price,
    chargedBy: 'tokens',
  });
  return { calls, counted, meter };
}

/** The prompt as it was counted before the call, and a token for four letters of the reply. */
const estimated = { ...account, requests: 1, promptTokens: 7, completionTokens: 1, costMicros: 5 };

describe('what a call costs', () => {
  it('is the usage that the engine reports, once', () => {
    const { calls, meter } = start();
    meter.answered([request()], usage, 'Hola');
    expect(calls).toEqual([{ ...account, requests: 1, ...usage, costMicros: 56 }]);
  });

  it('is estimated if the engine reports nothing, even for an empty reply', () => {
    const { calls, meter } = start();
    meter.answered([request()], undefined, 'Hola');
    meter.answered([request()], undefined, '');
    expect(calls).toEqual([estimated, { ...estimated, completionTokens: 0, costMicros: 3 }]);
  });

  it.each([
    ['had begun', new EngineUnavailableError('cut'), 'Hola', estimated],
    ['may be billed', Object.assign(new EngineTimeoutError('total', 9), { mayBeBilled: true }), 'Hola', estimated],
    ['told its usage', Object.assign(new EngineUnavailableError('bad'), { usage }), '', { ...usage, costMicros: 56 }],
  ])('is recorded for a failed call that %s', (_, error, reply, expected) => {
    const { calls, meter } = start();
    meter.failed([request()], error, reply);
    expect(calls).toMatchObject([expected]);
  });

  it('is zero for a refused call', () => {
    const { calls, meter } = start();
    meter.failed([request()], new EngineUnavailableError('no'), '');
    meter.failed([request()], new TypeError('a bug'), '');
    expect(calls).toEqual([]);
  });

  it('is not recorded without an account', () => {
    const { calls, meter } = start();
    meter.answered([{ ...request(), tenant: undefined }], usage, 'Hola');
    expect(calls).toEqual([]);
  });
});

describe('what a batch costs', () => {
  const texts = ['x'.repeat(20), 'x'.repeat(10)].map(request);
  const told: EngineUsage = { promptTokens: 90, completionTokens: 30 };
  const shared = [
    { ...account, requests: 1, promptTokens: 60, completionTokens: 20, costMicros: 56 },
    { ...account, requests: 0, promptTokens: 30, completionTokens: 10, costMicros: 28 },
  ];

  it('is that of one call, divided by the lengths of the texts', () => {
    const { calls, meter } = start();
    meter.answered(texts, told, 'uno dos');
    expect(calls).toEqual(shared);
  });

  it('is recorded for an unusable reply', () => {
    const { calls, meter } = start();
    meter.failed(texts, Object.assign(new EngineUnavailableError('a list too short'), { usage: told }), '');
    expect(calls).toEqual(shared);
  });

  it('is estimated for the whole call if the engine reports no usage', () => {
    const { calls, counted, meter } = start();
    meter.answered(texts, undefined, 'uno dos');
    expect(counted).toEqual([2]);
    expect(calls.reduce((sum, { promptTokens }) => sum + promptTokens, 0)).toBe(7);
  });
});
