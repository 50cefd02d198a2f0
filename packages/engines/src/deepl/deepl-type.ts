import { httpUrlSchema, plainUrl } from '../base-url.ts';
import { defineEngineType } from '../engine-type.ts';

/** DeepL: https://developers.deepl.com/api-reference/translate */
export const deepLType = defineEngineType({
  type: 'deepl',
  chargedBy: 'characters',
  fields: {
    /** The address of an API method is accepted as well. */
    baseUrl: httpUrlSchema
      .transform((written) => plainUrl(written, (path) => path.replace(/\/+v2(?:\/+translate)?$/, '')))
      .optional(),
  },
  // Keys of free accounts have this suffix and are only valid at the free endpoint.
  usualBaseUrl: (apiKey) => (apiKey?.endsWith(':fx') === true ? 'https://api-free.deepl.com' : 'https://api.deepl.com'),
  create: async (options) => (await import('./deepl-engine.ts')).createDeepLEngine(options),
});
