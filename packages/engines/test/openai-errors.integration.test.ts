import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import {
  EngineRateLimitedError,
  EngineRejectedError,
  EngineUnavailableError,
  LanguagePairUnsupportedError,
} from '@parley/translation';
import { retryAfterMs } from '../src/retry-after.ts';
import { sendError, sendJson } from './chat-answers.ts';
import { translateAll } from './engine-under-test.ts';
import { startOpenAiFixture, type OpenAiFixture } from './openai-fixture.ts';

describe('error answers to the OpenAI engine', () => {
  let fixture: OpenAiFixture;

  beforeAll(async () => {
    fixture = await startOpenAiFixture();
  });
  afterAll(() => fixture.close());

  const said = 'Good morning everyone.';

  it.each([
    [400, {}, EngineRejectedError],
    [400, { code: 'language_pair_unsupported' }, LanguagePairUnsupportedError],
    [401, { code: 'invalid_api_key' }, EngineRejectedError],
    [403, {}, EngineRejectedError],
    [404, { code: 'model_not_found' }, EngineRejectedError],
    [408, {}, EngineUnavailableError],
    [409, {}, EngineUnavailableError],
    [422, {}, EngineRejectedError],
    [429, {}, EngineRateLimitedError],
    [429, { code: 'insufficient_quota' }, EngineRejectedError],
    [500, {}, EngineUnavailableError],
    [502, {}, EngineUnavailableError],
    [503, {}, EngineUnavailableError],
    [301, {}, EngineRejectedError],
  ])('%i %j', async (statusCode, error, type) => {
    fixture.server.script = ({ answer }) => sendError(answer, statusCode, { ...error, message: `about ${said}` });
    const thrown: unknown = await translateAll(fixture.engine).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(type);
    expect(String(thrown)).not.toContain('morning');
  });

  it('keeps words of an error that are no code out of its message', async () => {
    fixture.server.script = ({ answer }) => sendError(answer, 404, { code: said, param: 'model' });
    await expect(translateAll(fixture.engine)).rejects.toThrow('the engine refused the request: status 404 model');
  });

  it('keeps the cause of an answer that is no HTTP, without what it said', async () => {
    fixture.server.script = ({ answer }) => void answer.socket?.end('Buenos días\r\n\r\n');
    const error: unknown = await translateAll(fixture.engine).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(EngineUnavailableError);
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(inspect(error)).not.toContain('Buenos');
  });

  it('refuses a key that can not stand in a header', async () => {
    const one = await startOpenAiFixture({ apiKey: 'two\nlines' });
    const error: unknown = await translateAll(one.engine).catch((thrown: unknown) => thrown);
    await one.close();
    expect(error).toBeInstanceOf(EngineRejectedError);
    expect(inspect(error)).not.toContain('lines');
  });

  it.each(['<html>Bad gateway</html>', '', '"overloaded"', '{"error":"overloaded"}', '{"message":"overloaded"}'])(
    'understands a 502 with the body %j',
    async (body) => {
      fixture.server.script = ({ answer }) => void answer.writeHead(502).end(body);
      await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(EngineUnavailableError);
    },
  );

  it.each([
    '{"error":{"code":502,"message":"about Good morning"}}',
    '{"error":"overloaded"}',
    '<html>Bad gateway</html>',
    '',
  ])('takes a 200 with the body %j for an engine that is not there', async (body) => {
    fixture.server.script = ({ answer }) => void answer.writeHead(200).end(body);
    const thrown: unknown = await translateAll(fixture.engine).catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(EngineUnavailableError);
    expect(String(thrown)).not.toContain('morning');
  });

  it('passes a hint of the text on where no header gives one', async () => {
    fixture.server.script = ({ answer }) =>
      sendError(answer, 429, {
        message: 'Rate limit reached for requests. Please try again in 41ms. InspectionResult ...',
      });
    await expect(translateAll(fixture.engine)).rejects.toMatchObject({ retryAfterMs: 41 });
  });

  it.each([
    [200, { data: [{ id: 'test-model' }] }, undefined],
    [200, { data: [] }, undefined],
    [
      200,
      { data: [{ id: 'test-model', language_pairs: [['EN', 'pt-br'], ['en', 'es']] }, { id: 'x', language_pairs: [] }] }, // prettier-ignore
      [['en', 'pt-BR'], ['en', 'es']], // prettier-ignore
    ],
    [200, { data: [{ id: 'other', language_pairs: [['en', 'es']] }] }, [['en', 'es']]],
    [200, { data: [{ id: 'x', language_pairs: [['en', 'es'], ['en', 'klingonese'], ['auto', 'en']] }] }, [['en', 'es'], ['und', 'en']]], // prettier-ignore
    [200, { data: null }, undefined],
    [200, { object: 'list' }, undefined],
    [200, [{ id: 'test-model', language_pairs: [['en', 'es']] }], [['en', 'es']]],
    [200, { data: [null, 'x', { id: 7 }, { id: 'test-model', language_pairs: [['en', 'es'], ['en'], null, ['en', 'x_y_z!']] }] }, [['en', 'es']]], // prettier-ignore
    [200, { data: [{ id: 'test-model', language_pairs: 'all' }] }, undefined],
    [404, {}, undefined],
    [403, {}, undefined],
  ])('reads its languages out of %i %j', async (statusCode, body, languagePairs) => {
    const one = await startOpenAiFixture();
    one.server.script = ({ answer }) => sendJson(answer, statusCode, body);
    const { signal } = new AbortController();
    expect(await one.engine.capabilities(signal)).toEqual({ languagePairs });
    await one.engine.capabilities(signal);
    expect(one.server.exchanges).toHaveLength(1);
    await one.close();
  });

  it('asks for its languages again after a failure', async () => {
    const { signal } = new AbortController();
    fixture.server.script = ({ answer }) => sendError(answer, 503, {});
    await expect(fixture.engine.capabilities(signal)).rejects.toBeInstanceOf(EngineUnavailableError);
    fixture.server.script = ({ answer }) => sendError(answer, 200, { message: 'overloaded' });
    await expect(fixture.engine.capabilities(signal)).rejects.toBeInstanceOf(EngineUnavailableError);
    fixture.server.script = ({ answer }) => sendJson(answer, 200, { data: [] });
    expect(await fixture.engine.capabilities(signal)).toEqual({ languagePairs: undefined });
  });

  it('does not call an engine warm that refuses its key', async () => {
    fixture.server.script = ({ answer }) => sendError(answer, 401, {});
    await expect(fixture.engine.warm(new AbortController().signal)).rejects.toBeInstanceOf(EngineRejectedError);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');

  it.each([
    [{ 'retry-after-ms': '41' }, '', 41],
    [{ 'retry-after-ms': '41.5', 'retry-after': '7' }, 'try again in 3s', 41.5],
    [{ 'retry-after': '7' }, 'try again in 3s', 7000],
    [{ 'retry-after': '0.25' }, '', 250],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:03 GMT' }, '', 3000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:59:00 GMT' }, '', 0],
    [{ 'retry-after': 'Sunday, 01-Mar-26 12:00:03 GMT' }, '', 3000],
    [{ 'retry-after': 'Sun Mar  1 12:00:03 2026' }, '', 3000],
    [{ 'retry-after': 'soon' }, '', undefined],
    [{ 'retry-after': '-5' }, 'Please try again in 20s.', 20_000],
    [{ 'retry-after': '-1' }, '', undefined],
    [{ 'retry-after': '5,6' }, 'Please try again in 20s.', 20_000],
    [{ 'retry-after': '2026-03-01T12:00:03Z' }, '', undefined],
    [{}, 'Please try again in 41ms.', 41],
    [{}, 'Please try again in 1.2s. InspectionResult', 1200],
    [{}, 'Please try again in 1m30.5s.', 90_500],
    [{}, 'Please try again in 6m0s.', 360_000],
    [{}, 'Please try again in 20 seconds', 20_000],
    [{}, 'Please retry after 2 minutes', 120_000],
    [{}, 'Please retry in 9.5s.', 9500],
    [{}, 'You have exceeded your limit. Please retry after 24 seconds. To raise it, ...', 24_000],
    [{}, 'Rate limit is exceeded. Try again in 24 seconds.', 24_000],
    [{}, 'Please retry your requests after 26 seconds', 26_000],
    [{}, 'Rate limit reached. Please wait 1 minute and 5 seconds before the next request.', 65_000],
    [{}, 'Your limit resets in 2 hours', 7_200_000],
    [{}, 'Please try again in 3 items', undefined],
    [{ 'retry-after': '0' }, '', 0],
    [{ 'x-ratelimit-reset-requests': '6m0s', 'x-ratelimit-remaining-requests': '0' }, '', 360_000],
    [{ 'x-ratelimit-reset-requests': '6m0s', 'x-ratelimit-remaining-requests': '3' }, '', undefined],
    [{ 'x-ratelimit-reset-tokens': '12' }, '', 12_000],
    [{ 'x-ratelimit-reset': String((now + 4000) / 1000) }, '', 4000],
    [{ 'x-ratelimit-reset': String(now + 4000) }, '', 4000],
    [{ 'x-ratelimit-reset': String(now - 4000) }, '', 0],
    [{ 'ratelimit-reset': '44' }, '', 44_000],
    [{ 'x-ratelimit-reset': 'soon' }, '', undefined],
    [{}, 'Please try again later', undefined],
    [{}, '', undefined],
  ])('%j %j', (headers, message, expected) => {
    expect(retryAfterMs(headers, message, now)).toBe(expected);
  });
});
