import { openAiBaseUrlSchema } from '@parley/engines/types';
import { z } from 'zod';
import { engineEndpointsSchema } from '../engine-endpoints.ts';
import { limitPerMinute, share } from '../number-schemas.ts';
import { custom, integer, optional, text, toggle, type Variable } from '../variable.ts';

/** Where workers translate, and how they ask there. */
export const engineVariables = {
  OPENAI_API_KEY: optional(z.string().min(1), {
    allowed: 'an API key',
    description: 'The key for the engine. With neither this nor OPENAI_BASE_URL, `up` starts the local engine.',
    readBy: ['up', 'worker'],
    secret: true,
  }),
  OPENAI_BASE_URL: optional(openAiBaseUrlSchema, {
    allowed: 'an http:// or https:// URL, usually ending in /v1',
    description:
      'An OpenAI-compatible endpoint; `/chat/completions` at its end is left out, and a missing `/v1` is found. Unset: https://api.openai.com/v1.',
    readBy: ['up', 'worker'],
  }),
  LOCAL_ENGINE_URL: optional(openAiBaseUrlSchema, {
    allowed: 'an http:// or https:// URL, usually ending in /v1',
    description: 'The local engine: where a worker translates while neither OPENAI_API_KEY nor OPENAI_BASE_URL is set.',
    readBy: ['worker'],
  }),
  OPENAI_RPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'The requests a minute that the endpoint allows this key, over all workers. Unset: what its answers say, and no limit where they say nothing.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_TPM: optional(limitPerMinute, {
    allowed: 'a whole number from 1 to 999999999',
    description:
      'The tokens a minute that the endpoint allows this key, over all workers; a request counts with its prompt and the output it asks room for. Unset: as for OPENAI_RPM.',
    readBy: ['up', 'worker'],
  }),
  FINAL_RESERVE: custom(share, '0.2', {
    allowed: 'a number from 0 to 0.9',
    description: 'The share of what may be sent to the endpoint at once that only finals may use.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_MODEL: text({
    allowed: 'the name of a chat model',
    fallback: 'gpt-4.1-mini',
    description: 'The chat model that translates.',
    readBy: ['up', 'worker'],
  }),
  OPENAI_PREDICTIONS: toggle('off', {
    description:
      'on: what is shown of a segment goes along as a predicted output, then without a limit of the reply. Tokens that turn out otherwise are billed all the same.',
    readBy: ['up', 'worker'],
  }),
  ENGINES: {
    ...optional(engineEndpointsSchema({}), {
      allowed: 'a JSON list of endpoints, see docs/engines.md',
      description:
        'Several endpoints, in the order in which they are asked, instead of the one that the OPENAI_ variables name; `up` starts no local engine then.',
      readBy: ['up', 'worker'],
      secret: true,
    }),
    schemaWithin: engineEndpointsSchema,
  },
  ENGINE_CA_FILE: optional(z.string().min(1), {
    allowed: 'the path of a PEM file with certificates',
    description: 'Certificates that are trusted for the engine besides the well-known ones.',
    readBy: ['up', 'worker'],
  }),
  ENGINE_CONNECTIONS: integer(
    { min: 1, max: 1024, fallback: 96 },
    {
      description:
        'The most connections of one worker thread to the engine: over HTTP/1.1 each carries one call at a time. Finals that failed open up to four more for some seconds.',
      readBy: ['up', 'worker'],
    },
  ),
  ENGINE_CONNECT_TIMEOUT_MS: integer(
    { min: 50, max: 60_000, fallback: 3000 },
    { description: 'How long opening a connection to the engine may take.', readBy: ['up', 'worker'] },
  ),
  ENGINE_FIRST_TOKEN_TIMEOUT_MS: integer(
    { min: 100, max: 120_000, fallback: 5000 },
    {
      description:
        "How long the first piece of an engine's reply may take, and each further piece of one that comes in pieces; longer for a long text that comes in one piece, see docs/engines.md.",
      readBy: ['up', 'worker'],
    },
  ),
  ENGINE_TOTAL_TIMEOUT_MS: integer(
    { min: 100, max: 600_000, fallback: 20_000 },
    {
      description: "How long an engine's whole reply may take; a second longer for each 50 letters beyond 160.",
      readBy: ['up', 'worker'],
    },
  ),
} as const satisfies Record<string, Variable>;
