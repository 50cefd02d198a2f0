import type { Config } from './load-config.ts';

const openaiUrl = 'https://api.openai.com/v1';

/**
 * Which OpenAI-compatible endpoint translates: the one that is named, else OpenAI where there is a key, else the local
 * engine where there is one. So a key alone is enough to leave the local engine.
 */
export function engineBaseUrl(config: Pick<Config, 'OPENAI_BASE_URL' | 'OPENAI_API_KEY' | 'LOCAL_ENGINE_URL'>): string {
  if (config.OPENAI_BASE_URL !== undefined) return config.OPENAI_BASE_URL;
  return config.OPENAI_API_KEY === undefined ? (config.LOCAL_ENGINE_URL ?? openaiUrl) : openaiUrl;
}
