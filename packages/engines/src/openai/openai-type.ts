import { z } from 'zod';
import { defineEngineType } from '../engine-type.ts';
import { openAiBaseUrlSchema } from './base-url.ts';

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
