import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chatRequest, startEngineFixture, type EngineFixture } from './engine-fixture.ts';

const texts = ['Good morning.', 'Is "this" working?', ''];
const strings = { type: 'array', items: { type: 'string' } };

function object(properties: object, more: object = {}) {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false, ...more };
}

function batchRequest(schema: Record<string, unknown>, message: unknown = texts, more: object = {}) {
  return {
    ...chatRequest(typeof message === 'string' ? message : JSON.stringify(message), 'en', 'es'),
    response_format: { type: 'json_schema' as const, json_schema: { name: 'batch', strict: true, schema, ...more } },
  };
}

describe('a batch', () => {
  let engine: EngineFixture;

  beforeAll(async () => {
    engine = await startEngineFixture();
  });

  afterEach(() => engine.fetch('/debug/reset', {}));
  afterAll(() => engine.close());

  async function contentOf(request: object): Promise<unknown> {
    const answer = await engine.fetch('/v1/chat/completions', request);
    const body = (await answer.json()) as { choices: { message: { content: string } }[] };
    return JSON.parse(body.choices[0]?.message.content ?? '');
  }

  it('is translated text by text into the list of its schema', async () => {
    const content = await contentOf(batchRequest(object({ translations: strings })));
    expect(content).toEqual({ translations: ['[es] Good morning.', '[es] Is "this" working?', '[es] '] });
    expect(await engine.stats()).toMatchObject({ requests: 1, texts: 3, byTarget: { es: { completed: 1, texts: 3 } } });
  });

  it('has items in the format of its schema', async () => {
    const item = object({ id: { type: 'integer' }, text: { type: 'string', description: 'translated' } });
    const content = await contentOf(batchRequest(object({ results: { type: 'array', items: item } }), ['a', 'b']));
    expect(content).toEqual({
      results: [
        { id: 0, text: '[es] a' },
        { id: 1, text: '[es] b' },
      ],
    });
  });

  it('is streamed like any reply', async () => {
    const runner = engine.client.chat.completions.stream(batchRequest(object({ translations: strings })));
    expect(JSON.parse((await runner.finalContent()) ?? '')).toMatchObject({ translations: { length: 3 } });
  });

  it('is truncated at the token limit', async () => {
    const completion = await engine.client.chat.completions.create({
      ...batchRequest(object({ translations: strings })),
      max_completion_tokens: 5,
    });
    expect(completion.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: '{"translations":["[e' },
    });
  });

  it.each([
    ['wrong-length', '{"translations":["[es] one"]}'],
    ['broken-json', '{"translations":["[e'],
    ['answer', '{"translations":["[es] one","Hello! How can I assist you today?"]}'],
  ])('can get a faulty reply: %s', async (effect, content) => {
    await using fresh = await startEngineFixture();
    await fresh.fetch('/debug/fail', { text: 'two', effect, times: 1 });
    const request = batchRequest(object({ translations: strings }), ['one', 'two']);
    const bad = await fresh.client.chat.completions.create(request);
    expect(bad.choices[0]?.message.content).toBe(content);
    const good = await fresh.client.chat.completions.create(request);
    expect(good.choices[0]?.message.content).toBe('{"translations":["[es] one","[es] two"]}');
  });

  const list = 'response_format.json_schema.schema.properties';

  it.each([
    [
      'no schema',
      'response_format.json_schema',
      { ...chatRequest('[]', 'en', 'es'), response_format: { type: 'json_schema' } },
    ],
    [
      'another type',
      'response_format.type',
      { ...chatRequest('[]', 'en', 'es'), response_format: { type: 'json_object' } },
    ],
    ['a list at the root', 'response_format.json_schema.schema.type', batchRequest(strings)],
    ['no list', list, batchRequest(object({}))],
    ['two lists', list, batchRequest(object({ one: strings, two: strings }))],
    ['no list but a string', `${list}.one.type`, batchRequest(object({ one: { type: 'string' } }))],
    [
      'a list of numbers',
      `${list}.one.items.type`,
      batchRequest(object({ one: { type: 'array', items: { type: 'number' } } })),
    ],
    [
      'items without a text',
      `${list}.one.items.properties`,
      batchRequest(object({ one: { type: 'array', items: object({ id: { type: 'integer' } }) } })),
    ],
    [
      'more properties',
      'response_format.json_schema.schema',
      batchRequest(object({ one: strings }, { additionalProperties: true })),
    ],
    [
      'a property that may lack',
      'response_format.json_schema.schema',
      batchRequest(object({ one: strings }, { required: [] })),
    ],
    [
      'a name with spaces',
      'response_format.json_schema.name',
      batchRequest(object({ one: strings }), texts, { name: 'a b' }),
    ],
    ['a message that is no JSON', 'messages', batchRequest(object({ one: strings }), 'Good morning.')],
    ['a message with numbers', 'messages', batchRequest(object({ one: strings }), ['one', 2])],
    ['a message without texts', 'messages', batchRequest(object({ one: strings }), [])],
    ['too many texts', 'response_format', batchRequest(object({ one: { ...strings, maxItems: 2 } }))],
  ])('is rejected with %s, naming the field', async (_, param, request) => {
    const answer = await engine.fetch('/v1/chat/completions', request);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { param, code: 'invalid_value', message: expect.stringContaining(`'${param}'`) },
    });
  });

  it('may have a looser schema without strict', async () => {
    const schema = object({ one: strings }, { additionalProperties: true, required: [] });
    await expect(contentOf(batchRequest(schema, ['a'], { strict: false }))).resolves.toEqual({ one: ['[es] a'] });
  });

  it('is not used with the text format', async () => {
    const request = { ...chatRequest('["one"]', 'en', 'es'), response_format: { type: 'text' as const } };
    const completion = await engine.client.chat.completions.create(request);
    expect(completion.choices[0]?.message.content).toBe('[es] ["one"]');
  });
});
