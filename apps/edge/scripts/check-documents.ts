import asyncApiSpecs from '@asyncapi/specs';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { fastify } from 'fastify';
import { EdgeHttpApi } from '../src/http-api/edge-http-api.ts';
import type { HttpApiOptions } from '../src/http-api/http-api.ts';

// Checks that the generated documents of the HTTP API and of the messages are valid OpenAPI and AsyncAPI, without Redis:
// `npm run check:documents`.

const app = fastify();
// No request reaches what the routes would need.
new EdgeHttpApi({} as HttpApiOptions).addTo(app);

async function documentAt(url: string): Promise<Record<string, unknown>> {
  const { statusCode, body } = await app.inject({ url });
  if (statusCode !== 200) throw new Error(`${url} was answered with ${statusCode}: ${body}`);
  return JSON.parse(body) as Record<string, unknown>;
}

const openApi = await new Validator().validate(await documentAt('/v1/openapi.json'));
const ajv = new Ajv({ strict: false });
addFormats.default(ajv);
const isAsyncApi = ajv.compile(asyncApiSpecs.schemasWithoutId['3.0.0'] as object);
isAsyncApi(await documentAt('/v1/asyncapi.json'));

const problems = { 'openapi.json': openApi.errors, 'asyncapi.json': isAsyncApi.errors };
for (const [name, errors] of Object.entries(problems)) {
  if (!errors || errors.length === 0) continue;
  console.error(`/v1/${name} is not valid: ${JSON.stringify(errors, undefined, 2)}`);
  process.exitCode = 1;
}
await app.close();
