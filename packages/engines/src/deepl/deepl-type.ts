import { httpUrlSchema, plainUrl } from '../base-url.ts';
import { defineEngineType } from '../engine-type.ts';

/** DeepL: https://developers.deepl.com/api-reference/translate */
export const deepLType = defineEngineType({
  type: 'deepl',
  chargedBy: 'characters',
  fields: {
    /** The address of one of its calls is taken for the API. */
    baseUrl: httpUrlSchema
      .transform((written) => plainUrl(written, (path) => path.replace(/\/+v2(?:\/+translate)?$/, '')))
      .optional(),
  },
  // The keys of free accounts end so, and are only taken there.
  usualBaseUrl: (apiKey) => (apiKey?.endsWith(':fx') === true ? 'https://api-free.deepl.com' : 'https://api.deepl.com'),
  create: async (options) => (await import('./deepl-engine.ts')).createDeepLEngine(options),
});
