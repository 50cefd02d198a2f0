import { describe, expect, it } from '@jest/globals';
import {
  EngineCancelledError,
  EngineRejectedError,
  EngineTimeoutError,
  EngineUnavailableError,
} from '@parley/translation';
import { errors } from 'undici';
import { callError } from '../src/http-call.ts';
import { requestFor, translateAll } from './engine-under-test.ts';
import { startOpenAiFixture } from './openai-fixture.ts';

const { signal } = new AbortController();

function withCode(error: Error, code: unknown): Error {
  return Object.assign(error, { code });
}

describe('callError', () => {
  it.each([
    ['undici', new errors.SocketError('other side closed'), EngineUnavailableError],
    ['the system', withCode(new Error('read ECONNRESET'), 'ECONNRESET'), EngineUnavailableError],
    ['several addresses', withCode(new AggregateError([]), 'ECONNREFUSED'), EngineUnavailableError],
    ['a stream', withCode(new Error('cancelled'), 'ERR_HTTP2_STREAM_CANCEL'), EngineUnavailableError],
    ['a handshake', new errors.ConnectTimeoutError('too long'), EngineTimeoutError],
    ['a header', new errors.InvalidArgumentError('invalid header'), EngineRejectedError],
  ])('converts an error of %s, keeping it as the cause', (_, error, type) => {
    const told = callError(error, { signal, blockedMs: 0 }, 9);
    expect(told).toBeInstanceOf(type);
    expect((told as Error).cause).toBe(error);
  });

  it.each([
    ['an error without a code', new Error('a bug')],
    ['a wrong type', new TypeError('a is not a function')],
    ['a wrong call', withCode(new TypeError('must be a string'), 'ERR_INVALID_ARG_TYPE')],
    ['a wrong range', withCode(new RangeError('too large'), 'ERR_OUT_OF_RANGE')],
    ['a code that is none', withCode(new Error('a bug'), 20)],
    ['no error at all', 'a bug'],
  ])('returns %s unchanged', (_, error) => {
    expect(callError(error, { signal, blockedMs: 0 }, 9)).toBe(error);
  });

  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
    ['CERT_HAS_EXPIRED', false],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false],
    ['ECONNREFUSED', false],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', false],
  ])('names the variable to set if %s concerns an untrusted certificate: %s', (code, isTrust) => {
    const { message } = callError(withCode(new Error(''), code), { signal, blockedMs: 0 }, 9) as Error;
    expect(message).toContain(code);
    expect(message.includes('ENGINE_CA_FILE')).toBe(isTrust);
  });

  it('prefers the reason of the abort to the error that it caused', () => {
    const reason = new EngineCancelledError('not wanted');
    expect(callError(new Error('a bug'), { signal: AbortSignal.abort(reason), blockedMs: 0 }, 9)).toBe(reason);
  });
});

it('does not report an invalid request as an unavailable engine', async () => {
  await using stack = new AsyncDisposableStack();
  const fixture = stack.adopt(await startOpenAiFixture(), (started) => started.close());
  const request = { target: 'no tag!', kind: 'final' } as const;
  await expect(translateAll(fixture.engine, request)).rejects.toBeInstanceOf(RangeError);
  const batch = fixture.engine.translateBatch?.([requestFor(request), requestFor(request)], signal);
  await expect(batch).rejects.toBeInstanceOf(RangeError);
  expect(fixture.calls).toBe(0);
});

it.each(['de-u-co-phonebk', 'es-x-clinic', 'en-t-es'])('asks for a translation into %s', async (target) => {
  await using stack = new AsyncDisposableStack();
  const fixture = stack.adopt(await startOpenAiFixture(), (started) => started.close());
  fixture.translateAs('Guten Morgen.');
  expect((await translateAll(fixture.engine, { target })).text).toBe('Guten Morgen.');
  const requests = [requestFor({ target }), requestFor({ target })];
  for (const counted of [requests, requests.slice(1)]) {
    expect(fixture.engine.countedTokens?.(counted).promptTokens).toBeGreaterThan(0);
  }
});
