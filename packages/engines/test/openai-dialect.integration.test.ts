import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { EngineRejectedError, type TranslationRequest } from '@parley/translation';
import type { OpenAiEngineOptions } from '../src/index.ts';
import { outputLimitTokens } from '../src/openai/chat-request.ts';
import { dialectOf } from '../src/openai/dialect.ts';
import { sendError, sendTranslation } from './chat-answers.ts';
import { translateAll } from './engine-under-test.ts';
import { startOpenAiFixture, type OpenAiFixture } from './openai-fixture.ts';

const plain = { outputLimit: 'max_tokens', thinkingTokens: 0, temperature: true, reasoningEffort: undefined };
const reasoning = { outputLimit: 'max_completion_tokens', thinkingTokens: 2048, temperature: false };

describe('dialectOf', () => {
  it.each([
    ['gpt-4.1-mini', { ...plain, prediction: true }],
    ['gpt-4o', plain],
    ['llama3.1:8b', plain],
    ['gpt-5-chat-latest', plain],
    ['o3-mini', { ...reasoning, reasoningEffort: 'low', prediction: false }],
    ['gpt-5-nano', { ...reasoning, reasoningEffort: 'minimal' }],
    ['openai/gpt-5', { ...reasoning, reasoningEffort: 'minimal' }],
    ['openai/o4-mini', { ...reasoning, reasoningEffort: 'low' }],
  ])('%s', (model, expected) => {
    expect(dialectOf(model, new Set())).toMatchObject(expected);
  });
});

describe('outputLimitTokens', () => {
  it.each([
    ['', 64],
    ['Hello', 74],
    ['😀😀', 68],
    ['a'.repeat(100_000), 4096],
  ])('of a text %#', (text, expected) => {
    expect(outputLimitTokens(text)).toBe(expected);
  });
});

describe('the OpenAI engine and a model that refuses parameters', () => {
  let fixture: OpenAiFixture;

  beforeEach(async () => {
    fixture = await startOpenAiFixture({ model: 'deployment-7' });
  });
  afterEach(() => fixture.close());

  /** A model that takes none of these. */
  function refuse(parameters: readonly string[]): void {
    fixture.server.script = (exchange) => {
      const body = JSON.parse(exchange.body) as Record<string, unknown>;
      const param = parameters.find((name) => name in body);
      if (param === undefined) sendTranslation(exchange, 'Hola.');
      else
        sendError(exchange.answer, 400, { param, code: 'unsupported_parameter', message: `Unsupported: '${param}'` });
    };
  }

  it('learns them once, within the call, for all calls to come', async () => {
    refuse(['temperature', 'reasoning_effort', 'max_tokens']);
    expect((await translateAll(fixture.engine)).text).toBe('Hola.');
    expect(fixture.calls).toBe(4);
    await translateAll(fixture.engine);
    expect(fixture.calls).toBe(5);
    expect(JSON.parse(fixture.server.exchanges[4]?.body ?? '')).toEqual({
      model: 'deployment-7',
      messages: expect.anything(),
      stream: false,
      max_completion_tokens: 108 + 2048,
    });
  });

  it('learns them in many calls at once', async () => {
    refuse(['max_tokens', 'temperature']);
    const texts = await Promise.all(Array.from({ length: 10 }, () => translateAll(fixture.engine)));
    expect(texts.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, () => 'Hola.'));
  });

  it('does without any limit at last', async () => {
    refuse(['max_tokens', 'max_completion_tokens']);
    expect((await translateAll(fixture.engine)).text).toBe('Hola.');
  });

  it('fails if a required parameter is refused', async () => {
    refuse(['messages']);
    await expect(translateAll(fixture.engine)).rejects.toBeInstanceOf(EngineRejectedError);
    expect(fixture.calls).toBe(1);
  });
});

describe('a predicted output', () => {
  const previous = { translation: 'Buenos días a' };

  async function bodiesFor(
    options: Partial<OpenAiEngineOptions>,
    given: Partial<TranslationRequest>,
    refused?: string,
  ): Promise<Record<string, unknown>[]> {
    const fixture = await startOpenAiFixture({ predictions: true, ...options });
    try {
      fixture.server.script = (exchange) => {
        if (refused === undefined || !(refused in (JSON.parse(exchange.body) as object))) {
          sendTranslation(exchange, 'Hola.');
          return;
        }
        sendError(exchange.answer, 400, {
          code: 'invalid_value',
          message: `'${refused}' is not supported with this model`,
        });
      };
      expect((await translateAll(fixture.engine, given)).text).toBe('Hola.');
      return fixture.server.exchanges.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    } finally {
      await fixture.close();
    }
  }

  it('is what was shown before, and takes the place of the limit', async () => {
    const [body] = await bodiesFor({}, { previous });
    expect(body).toMatchObject({ prediction: { type: 'content', content: previous.translation } });
    expect(Object.keys(body ?? {})).not.toEqual(expect.arrayContaining([expect.stringMatching(/^max_/)]));
  });

  it.each([
    ['nothing was shown', {}, {}],
    ['nothing but an empty text was shown', {}, { previous: { translation: '' } }],
    ['it is switched off', { predictions: false }, { previous }],
    ['the model reasons', { model: 'gpt-5-nano' }, { previous }],
  ])('is not sent where %s, but the limit is', async (_, options, given) => {
    const [body] = await bodiesFor(options, given);
    expect(body).not.toHaveProperty('prediction');
    expect(Object.keys(body ?? {})).toEqual(expect.arrayContaining([expect.stringMatching(/^max_/)]));
  });

  it('is given up for the limit where the model refuses it', async () => {
    const [first, second, ...more] = await bodiesFor({}, { previous }, 'prediction');
    expect(first).toHaveProperty('prediction');
    expect(second).not.toHaveProperty('prediction');
    expect(second).toHaveProperty('max_tokens', 108);
    expect(more).toEqual([]);
  });
});
