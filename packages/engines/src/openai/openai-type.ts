import { z } from 'zod';
import { httpUrlSchema, plainUrl } from '../base-url.ts';
import { defineEngineType } from '../engine-type.ts';

/** Paths of API methods, as copied from an example of a call. */
const calls = /\/+chat\/+completions$|(?<=\/v\d\w*)\/+(?:completions|responses|embeddings|models)$/i;
/** Ollama's native API, next to which it offers a compatible one: https://github.com/ollama/ollama/blob/main/docs/openai.md */
const ollamaCalls = /\/+api\/+(?:chat|generate|tags)$/i;

/** Base URL of an OpenAI-compatible API; the address of an API method is accepted as well. */
export const openAiBaseUrlSchema = httpUrlSchema.transform((written) =>
  plainUrl(written, (path) => path.replace(calls, '').replace(ollamaCalls, '/v1')),
);

/** Any OpenAI-compatible chat API. */
export const openAiType = defineEngineType({
  type: 'openai',
  chargedBy: 'tokens',
  fields: {
    baseUrl: openAiBaseUrlSchema,
    model: z.string().min(1),
    /** Whether the last shown translation is sent as predicted output. */
    predictions: z.boolean().default(false),
    /** Whether the last shown translation is sent as an earlier turn of a partial; absent: unless the model doesn't use it. */
    previousTurn: z.boolean().optional(),
    /** The header for the key; absent: derived from the address. */
    authHeader: z.enum(['authorization', 'api-key']).optional(),
  },
  create: async (options) => (await import('./openai-engine.ts')).createOpenAiEngine(options),
});
