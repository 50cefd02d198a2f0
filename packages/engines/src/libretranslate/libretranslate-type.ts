import { defineEngineType } from '../engine-type.ts';

/** LibreTranslate: https://docs.libretranslate.com */
export const libreTranslateType = defineEngineType({
  type: 'libretranslate',
  chargedBy: 'characters',
  fields: {},
  create: async (options) => (await import('./libretranslate-engine.ts')).createLibreTranslateEngine(options),
});
