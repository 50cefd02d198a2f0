import { openAiBaseUrlSchema } from '@parley/engines/types';
import { z } from 'zod';
import { engineEndpointsSchema } from '../engine-endpoints.ts';
import { limitPerMinute, share } from '../value-schemas.ts';
import { custom, integer, optional, text, toggle, type Variable } from '../variable.ts';

/** The engines that workers use, and their timeouts. */
export const engineVariables = {
  OPENAI_API_KEY: optional(z.string().min(1), {
    allowed: 'an API key',
    description: 'The API key of the engine. If neither this nor OPENAI_BASE_URL is set, `up` starts the local engine.',
    readBy: ['up', 'worker'],
    secret: true,
  }),
  OPENAI_BASE_URL: optional(openAiBaseUrlSchema, {
    allowed: 'an http:// or https:// URL, usually ending in /v1',
    description:
      'The base URL of an OpenAI-compatible endpoint. A trailing `/chat/completions` is removed, and a missing `/v1` is detected. Unset: https://api.openai.com/v1.',
    readBy: ['up', 'worker'],
  }),
  LOCAL_ENGINE_URL: optional(openAiBaseUrlSchema, {
    allowed: 'an http:// or https:// URL, usually ending in /v1',
    description:
      'The URL of the local engine, which a worker uses if neither OPENAI_API_KEY nor OPENAI_BASE_URL is set.',
    readBy: ['worker'],
  }),
  OPENAI_RPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      "The endpoint's limit of requests per minute for this key, over all workers. Unset: the limit in the endpoint's response headers, or none if it sends no such headers.",
    readBy: ['up', 'worker'],
  }),
  OPENAI_TPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      "The endpoint's limit of tokens per minute for this key, over all workers. A request counts with its prompt and its maximum output. Unset: as for OPENAI_RPM.",
    readBy: ['up', 'worker'],
  }),
  FINAL_RESERVE: custom(share, '0.2', {
    allowed: 'a number from 0 to 0.9',
    description: "The share of the endpoint's rate-limit bucket that is reserved for finals.",
    readBy: ['up', 'worker'],
  }),
  OPENAI_MODEL: text({
    allowed: 'the name of a chat model',
    fallback: 'gpt-4.1-mini',
    description: 'The chat model that is used for translation.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_PREDICTIONS: toggle('off', {
    description:
      'on: the text shown for a segment is sent as a predicted output; such requests set no output limit. Predicted tokens that do not match are billed as well.',
    readBy: ['up', 'worker'],
  }),
  ENGINES: {
    ...optional(engineEndpointsSchema({}), {
      allowed: 'a JSON list of endpoints, see docs/engines.md',
      description:
        'Several endpoints in order of preference, instead of the one that the OPENAI_ variables name. `up` then starts no local engine.',
      readBy: ['up', 'worker'],
      secret: true,
    }),
    schemaWithin: engineEndpointsSchema,
  },
  ENGINE_CA_FILE: optional(z.string().min(1), {
    allowed: 'the path of a PEM file with certificates',
    description: 'Additional CA certificates to trust for connections to the engine.',
    readBy: ['up', 'worker'],
  }),
  ENGINE_CONNECTIONS: integer(
    { min: 1, max: 1024, fallback: 96 },
    {
      description:
        'The maximum number of connections from one worker thread to the engine; over HTTP/1.1 each carries one call at a time, and an eighth of them is kept for finals. Retries of failed finals open up to four more for some seconds.',
      readBy: ['up', 'worker'],
    },
  ),
  ENGINE_CONNECT_TIMEOUT_MS: integer(
    { min: 50, max: 60_000, fallback: 3000 },
    { description: 'The timeout for opening a connection to the engine, in milliseconds.', readBy: ['up', 'worker'] },
  ),
  ENGINE_FIRST_TOKEN_TIMEOUT_MS: integer(
    { min: 100, max: 120_000, fallback: 5000 },
    {
      description:
        'The timeout for the first chunk of a reply and, if the reply is streamed, for each further chunk, in milliseconds. It is longer for a long text that is not streamed, see docs/engines.md.',
      readBy: ['up', 'worker'],
    },
  ),
  ENGINE_TOTAL_TIMEOUT_MS: integer(
    { min: 100, max: 600_000, fallback: 20_000 },
    {
      description: 'The timeout for a complete reply, in milliseconds, plus one second for each 50 letters beyond 160.',
      readBy: ['up', 'worker'],
    },
  ),
} as const satisfies Record<string, Variable>;
