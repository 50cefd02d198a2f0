import fastifySwagger from '@fastify/swagger';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { asyncApiDocument } from './asyncapi.ts';
import type { HttpApi } from './http-api.ts';
import { withoutTwins } from './openapi-schemas.ts';

/** Collects the schemas of all routes that are added afterwards, for the OpenAPI document. */
export async function collectSchemas(api: HttpApi): Promise<void> {
  await api.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Parley',
        version: '1.0.0',
        description:
          'Live translation: sessions, tokens and languages. The messages are described by /v1/asyncapi.json.',
      },
      components: {
        securitySchemes: { bearer: { type: 'http', scheme: 'bearer', description: 'An API key or a token' } },
      },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutTwins(jsonSchemaTransformObject(document)),
  });
}

/** `GET /v1/openapi.json` and `GET /v1/asyncapi.json`. */
export function addDocumentRoutes(api: HttpApi): void {
  let asyncApi: object | undefined;
  api.get('/openapi.json', { schema: { hide: true } }, () => api.swagger());
  api.get('/asyncapi.json', { schema: { hide: true } }, () => (asyncApi ??= asyncApiDocument()));
}
