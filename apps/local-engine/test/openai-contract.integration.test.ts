import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { APIUserAbortError, BadRequestError, type OpenAI } from 'openai';
import { chatRequest, startEngineFixture, translate, type EngineFixture } from './engine-fixture.ts';
import { eventually } from './eventually.ts';

const text = 'Good morning everyone.';

describe('the local engine with the official client', () => {
  let engine: EngineFixture;

  beforeEach(async () => {
    engine = await startEngineFixture();
  });

  afterEach(() => engine.close());

  it('returns a whole reply with its usage', async () => {
    const request = chatRequest(text, 'en', 'es');
    const completion = await engine.client.chat.completions.create(request);
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model: 'any',
      id: expect.stringMatching(/^chatcmpl-/),
    });
    expect(completion.choices).toEqual([
      {
        index: 0,
        message: { role: 'assistant', content: '[es] Good morning everyone.', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ]);
    const promptLength = request.messages.reduce((sum, { content }) => sum + content.length, 0);
    const promptTokens = Math.ceil(promptLength / 4);
    expect(completion.usage).toEqual({
      prompt_tokens: promptTokens,
      completion_tokens: 7,
      total_tokens: promptTokens + 7,
    });
  });

  it('streams token by token, and sends the usage last if requested', async () => {
    const stream = await engine.client.chat.completions.create({
      ...chatRequest(text, 'en', 'es'),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('[es] Good morning everyone.');
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: '' });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 7 } });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
    // The role, seven tokens, the finish reason, the usage.
    expect(chunks).toHaveLength(10);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
  });

  it('streams without usage by default', async () => {
    const stream = await engine.client.chat.completions.create({ ...chatRequest(text, 'en', 'es'), stream: true });
    for await (const chunk of stream) {
      expect(chunk).not.toHaveProperty('usage');
      expect(chunk.choices).toHaveLength(1);
    }
  });

  it('supports the streaming helper of the client', async () => {
    const runner = engine.client.chat.completions.stream({
      ...chatRequest(text, 'en', 'ca'),
      stream_options: { include_usage: true },
    });
    await expect(runner.finalContent()).resolves.toBe('[ca] Good morning everyone.');
    await expect(runner.totalUsage()).resolves.toMatchObject({ completion_tokens: 7 });
  });

  it.each(['max_tokens', 'max_completion_tokens'])('truncates the reply at %s', async (limit) => {
    const completion = await engine.client.chat.completions.create({ ...chatRequest(text, 'en', 'es'), [limit]: 2 });
    expect(completion.choices[0]).toMatchObject({ message: { content: '[es] Goo' }, finish_reason: 'length' });
    expect(completion.usage?.completion_tokens).toBe(2);
  });

  it('accepts content in parts, uses the last user message, and canonicalizes language tags', async () => {
    const completion = await engine.client.chat.completions.create({
      model: 'any',
      temperature: 0,
      messages: [
        { role: 'developer', content: 'Source language: English (en)\nTarget language: Portuguese (Brazil) (PT-br)' },
        { role: 'user', content: 'Earlier.' },
        { role: 'assistant', content: 'Antes.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Now ' },
            { type: 'text', text: 'this.' },
          ],
        },
      ],
    });
    expect(completion.choices[0]?.message.content).toBe('[pt-BR] Now this.');
  });

  it('lists its only model, which supports any pair', async () => {
    const { data } = await engine.client.models.list();
    const card = { id: 'marked', object: 'model', created: 0, owned_by: 'parley' };
    expect(data).toEqual([{ ...card, simulated: true, uses_earlier_messages: false }]);
  });

  it('names the invalid field of a request', async () => {
    const wrong = engine.client.chat.completions.create({ ...chatRequest(text, 'en', 'es'), n: 2 });
    await expect(wrong).rejects.toBeInstanceOf(BadRequestError);
    await expect(wrong).rejects.toMatchObject({ status: 400, param: 'n', code: 'invalid_value' });
  });

  it('counts a client that abandons a held reply', async () => {
    await engine.fetch('/debug/hold', { on: true });
    const leaving = new AbortController();
    const given = engine.client.chat.completions.create(chatRequest(text, 'en', 'es'), { signal: leaving.signal });
    await engine.held(1);
    leaving.abort();
    await expect(given).rejects.toBeInstanceOf(APIUserAbortError);
    const stats = await eventually(
      () => engine.stats(),
      ({ concurrent }) => concurrent === 0,
    );
    expect(stats).toMatchObject({ requests: 1, aborted: 1, completed: 0, completionTokens: 0 });
    await expect(engine.held(0)).resolves.toEqual([]);
    await engine.fetch('/debug/hold', { on: false });
    await expect(translate(engine, text, 'en', 'es')).resolves.toBe('[es] Good morning everyone.');
  });
});

describe('a stream of the local engine', () => {
  it('ends when its client disconnects, and counts as aborted', async () => {
    // One token per minute, so that the stream can't end while the test runs.
    await using engine = await startEngineFixture({ ENGINE_LATENCY: '1/1,60000/60000' });
    const stream = await engine.client.chat.completions.create({ ...chatRequest(text, 'en', 'es'), stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content !== '') break;
    const stats = await eventually(
      () => engine.stats(),
      ({ concurrent }) => concurrent === 0,
    );
    expect(stats).toMatchObject({ requests: 1, aborted: 1, completed: 0 });
  });

  it('can be aborted while it waits for its first token', async () => {
    await using engine = await startEngineFixture({ ENGINE_LATENCY: '60000/60000,1/1' });
    const leaving = new AbortController();
    const given = engine.client.chat.completions.create(
      { ...chatRequest(text, 'en', 'es'), stream: true },
      { signal: leaving.signal },
    );
    await eventually(
      () => engine.stats(),
      ({ concurrent }) => concurrent === 1,
    );
    leaving.abort();
    await expect(given).rejects.toBeInstanceOf(APIUserAbortError);
    const stats = await eventually(
      () => engine.stats(),
      ({ concurrent }) => concurrent === 0,
    );
    expect(stats).toMatchObject({ requests: 1, aborted: 1 });
    expect(engine.logLines.map(({ msg }) => msg)).not.toContain('request failed');
  });
});
