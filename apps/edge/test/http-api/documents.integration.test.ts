import { describe, expect, it } from '@jest/globals';
import asyncApiSpecs from '@asyncapi/specs';
import { clientMessageSchema, serverMessageSchema } from '@parley/protocol';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { call, edgesForFile } from './edges-for-file.ts';
import { StreamClient } from './stream-client.ts';

const key = 'a-key-of-this-test-alone';
const { urls } = await edgesForFile({ API_KEYS: `clinic:${key}` });

interface OpenApi {
  readonly paths: Record<string, Record<string, { security?: object[]; responses: Record<string, unknown> }>>;
  readonly components: { readonly schemas: Record<string, object> };
}
interface AsyncApi {
  readonly components: { readonly messages: Record<string, { name: string; payload: object }> };
}

function ajv(): Ajv {
  const instance = new Ajv({ strict: false });
  addFormats.default(instance);
  return instance;
}

describe('GET /v1/openapi.json', () => {
  it('is a valid OpenAPI document of all routes, open to all', async () => {
    const { status, body } = await call(`${urls[0]}/v1/openapi.json`);
    expect(status).toBe(200);
    expect(await new Validator().validate(body as Record<string, unknown>)).toEqual({ valid: true });
    const { paths, components } = body as OpenApi;
    expect(
      Object.entries(paths).flatMap(([path, route]) => Object.keys(route).map((method) => `${method} ${path}`)),
    ).toEqual([
      'get /v1/languages',
      'post /v1/tokens',
      'get /v1/sessions',
      'get /v1/sessions/{sessionId}',
      'delete /v1/sessions/{sessionId}',
      'get /v1/sessions/{sessionId}/transcript.json',
      'get /v1/sessions/{sessionId}/transcript.srt',
      'get /v1/sessions/{sessionId}/transcript.vtt',
      'get /v1/sessions/{sessionId}/transcript.txt',
      'get /v1/listen/{joinCode}',
      'get /v1/listen/{joinCode}/events',
    ]);
    const names = ['Error', 'Language', 'Languages', 'ListeningOffer', 'Session', 'Sessions'];
    const more = ['Token', 'TokenRequest', 'Transcript'];
    expect(Object.keys(components.schemas).sort()).toEqual([...names, ...more]);
    expect(paths['/v1/tokens']?.['post']).toMatchObject({
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/TokenRequest' } } } },
    });
    expect(paths['/v1/tokens']?.['post']?.responses).toMatchObject({
      201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Token' } } } },
      '4XX': { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } },
    });
    expect(paths['/v1/sessions']?.['get']).toMatchObject({
      parameters: expect.arrayContaining([
        expect.objectContaining({
          name: 'limit',
          required: false,
          schema: { type: 'integer', minimum: 1, maximum: 100, default: 100 },
        }),
      ]),
    });
    expect(paths['/v1/sessions/{sessionId}/transcript.srt']?.['get']).toMatchObject({
      security: [{ bearer: [] }, {}],
      responses: { 200: { content: { 'application/x-subrip': expect.anything() } } },
    });
    expect(paths['/v1/listen/{joinCode}/events']?.['get']).toMatchObject({
      security: [],
      responses: { 200: { content: { 'text/event-stream': expect.anything() } } },
    });
  });
});

describe('GET /v1/asyncapi.json', () => {
  it('is a valid AsyncAPI document of all messages', async () => {
    const { body } = await call(`${urls[0]}/v1/asyncapi.json`);
    const validate = ajv().compile(asyncApiSpecs.schemasWithoutId['3.0.0'] as object);
    expect([validate(body), validate.errors]).toEqual([true, null]);
    const names = (side: string, schema: typeof clientMessageSchema | typeof serverMessageSchema): string[] =>
      schema.options.map(({ shape }) => `${side}.${shape.type.value}`);
    expect(Object.keys((body as AsyncApi).components.messages)).toEqual([
      ...names('client', clientMessageSchema),
      ...names('server', serverMessageSchema),
    ]);
  });

  it('describes the messages of a real session', async () => {
    const { body } = await call(`${urls[0]}/v1/asyncapi.json`);
    const { messages } = (body as AsyncApi).components;
    await using host = await StreamClient.open(urls[0], `bearer.${key}`);
    const start = { type: 'session.start', sourceLanguage: 'en', targetLanguages: ['en'], listenerLanguages: 3 };
    expect(ajv().validate(messages['client.session.start']?.payload ?? false, start)).toBe(true);
    expect(ajv().validate(messages['client.session.start']?.payload ?? false, { ...start, targetLanguages: [] })).toBe(
      false,
    );
    await host.ask(start);
    host.send({ type: 'transcript.final', segmentId: 1, text: 'Hello' });
    host.send({ type: 'session.end' });
    await host.waitForMessage(({ type }) => type === 'session.ended');
    expect(host.messages.map(({ type }) => type)).toContain('translation.final');
    for (const message of host.messages) {
      const payload = messages[`server.${message.type}`]?.payload ?? false;
      expect([message.type, ajv().validate(payload, message)]).toEqual([message.type, true]);
    }
  });
});
