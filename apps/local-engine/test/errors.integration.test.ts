import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chatRequest, startEngineFixture, type EngineFixture } from './engine-fixture.ts';

describe('errors of the local engine', () => {
  let engine: EngineFixture;
  const good = chatRequest('Hello.', 'en', 'es');

  beforeAll(async () => {
    engine = await startEngineFixture();
  });

  afterAll(() => engine.close());

  it.each([
    ['model', { ...good, model: undefined }],
    ['messages', { model: 'any' }],
    ['messages', { ...good, messages: [] }],
    ['messages.0.role', { ...good, messages: [{ role: 'robot', content: 'Hello.' }] }],
    ['messages.0.content', { ...good, messages: [{ role: 'user', content: 7 }] }],
    ['stream', { ...good, stream: 'yes' }],
    ['stream_options.include_usage', { ...good, stream_options: { include_usage: 1 } }],
    ['max_tokens', { ...good, max_tokens: 0 }],
    ['max_completion_tokens', { ...good, max_completion_tokens: 1.5 }],
    ['n', { ...good, n: 2 }],
  ])('name the field: %s', async (param, body) => {
    const answer = await engine.fetch('/v1/chat/completions', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: {
        message: expect.stringContaining(`'${param}': `),
        type: 'invalid_request_error',
        param,
        code: 'invalid_value',
      },
    });
  });

  it('report that there is nothing to translate', async () => {
    const answer = await engine.fetch('/v1/chat/completions', { ...good, messages: good.messages.slice(0, 1) });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: 'messages' } });
  });

  it.each([
    ['Source language', 'Target language: Spanish (es)'],
    ['Target language', 'Source language: English (en)'],
    ['Target language', 'Source language: English (en)\nTarget language: Spanish (no tag)'],
  ])('report the missing language: %s', async (label, content) => {
    const messages = [
      { role: 'system', content },
      { role: 'user', content: 'Hello.' },
    ];
    const answer = await engine.fetch('/v1/chat/completions', { model: 'any', messages });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { message: expect.stringContaining(label), param: 'messages', code: 'missing_language' },
    });
  });

  it.each([
    ['POST', '/v1/completions'],
    ['GET', '/v1/chat/completions'],
    ['GET', '/'],
  ])("have OpenAI's format for an unknown URL: %s %s", async (method, path) => {
    const answer = await fetch(new URL(path, engine.url), { method });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      error: {
        message: `unknown address: ${method} ${path}`,
        type: 'invalid_request_error',
        param: null,
        code: 'unknown_url',
      },
    });
  });

  it.each([
    ['no JSON', 'application/json', '{"model":', 400],
    ['an empty body', 'application/json', '', 400],
    ['another media type', 'text/csv', 'model', 415],
    ['too large a body', 'application/json', `"${' '.repeat(2 ** 20)}"`, 413],
  ])("have OpenAI's format for %s", async (_, mediaType, body, status) => {
    const answer = await fetch(`${engine.url}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': mediaType },
      body,
    });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', param: null } });
  });

  it.each([
    ['/debug/hold', {}, 'on'],
    ['/debug/release', { order: 'random' }, '"order"'],
    ['/debug/release', {}, '"ids"'],
  ])('name the field of a command: %s %j', async (path, body, field) => {
    const answer = await engine.fetch(path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining(field) } });
  });

  it('report that fewer replies were held than expected', async () => {
    const answer = await engine.fetch('/debug/held?atLeast=1&timeoutMs=1');
    expect(answer.status).toBe(408);
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining('1 ms') } });
  });
});
