import { defaultEndpointName, type EngineEndpoint } from './engine-endpoints.ts';
import type { Config } from './load-config.ts';

const openaiUrl = 'https://api.openai.com/v1';

/**
 * Returns the base URL of the OpenAI-compatible endpoint: `OPENAI_BASE_URL` if set, else OpenAI's if there is a key,
 * else the local engine's if there is one. Setting a key alone is therefore enough to stop using the local engine.
 */
export function engineBaseUrl(config: Pick<Config, 'OPENAI_BASE_URL' | 'OPENAI_API_KEY' | 'LOCAL_ENGINE_URL'>): string {
  if (config.OPENAI_BASE_URL !== undefined) return config.OPENAI_BASE_URL;
  return config.OPENAI_API_KEY === undefined ? (config.LOCAL_ENGINE_URL ?? openaiUrl) : openaiUrl;
}

/** Returns the endpoints in order of preference: those of `ENGINES`, else the one of the `OPENAI_` variables. */
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
  // `predictions` is a field of the type `openai` only.
  const endpoint: EngineEndpoint & { readonly predictions: boolean } = {
    type: 'openai',
    name: defaultEndpointName(baseUrl, model),
    baseUrl,
    apiKey: config.OPENAI_API_KEY,
    model,
    for: 'both',
    rpm: config.OPENAI_RPM,
    tpm: config.OPENAI_TPM,
    predictions: config.OPENAI_PREDICTIONS,
  };
  return [endpoint];
}
