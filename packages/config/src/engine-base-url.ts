import { usualName, type EngineEndpoint } from './engine-endpoints.ts';
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

/** The endpoints that translate, in the order in which they are asked: those of `ENGINES`, else the one of `OPENAI_*`. */
export function engineEndpoints(
  config: Pick<
    Config,
    | 'ENGINES'
    | 'OPENAI_BASE_URL'
    | 'OPENAI_API_KEY'
    | 'LOCAL_ENGINE_URL'
    | 'OPENAI_MODEL'
    | 'OPENAI_PREDICTIONS'
    | 'OPENAI_RPM'
    | 'OPENAI_TPM'
  >,
): readonly EngineEndpoint[] {
  if (config.ENGINES !== undefined) return config.ENGINES;
  const baseUrl = engineBaseUrl(config);
  const model = config.OPENAI_MODEL;
  return [
    {
      type: 'openai',
      name: usualName(baseUrl, model),
      baseUrl,
      apiKey: config.OPENAI_API_KEY,
      model,
      for: 'both',
      rpm: config.OPENAI_RPM,
      tpm: config.OPENAI_TPM,
      predictions: config.OPENAI_PREDICTIONS,
    },
  ];
}
