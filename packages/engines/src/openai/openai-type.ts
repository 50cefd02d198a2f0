import { z } from 'zod';
import { httpUrlSchema, plainUrl } from '../base-url.ts';
import { defineEngineType } from '../engine-type.ts';

/** Addresses below the base URL of an OpenAI-compatible API, as they are pasted from an example of a call. */
const calls = /\/+chat\/+completions$|(?<=\/v\d\w*)\/+(?:completions|responses|embeddings|models)$/i;
/** Ollama's own API, beside which it has a compatible one: https://github.com/ollama/ollama/blob/main/docs/openai.md */
const ollamaCalls = /\/+api\/+(?:chat|generate|tags)$/i;

/** The same of an OpenAI-compatible API; the address of one of its calls is taken for the API. */
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
    /** Whether it takes the translation before as a prediction of the next one. */
    predictions: z.boolean().default(false),
    /** The header that carries the key; unset: as the address says. */
    authHeader: z.enum(['authorization', 'api-key']).optional(),
  },
  create: async (options) => (await import('./openai-engine.ts')).createOpenAiEngine(options),
});
