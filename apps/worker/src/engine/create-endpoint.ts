import type { Config, EngineEndpoint } from '@parley/config';
import { createLibreTranslateEngine, createOpenAiEngine } from '@parley/engines';
import type { Engine } from '@parley/translation';
import { libreTranslateOptions, openAiOptions } from './engine-options.ts';

/** What asks one endpoint, by the kind of its API. */
export function createEndpoint(config: Config, endpoint: EngineEndpoint): Engine {
  if (endpoint.type === 'openai') return createOpenAiEngine(openAiOptions(config, endpoint));
  return createLibreTranslateEngine(libreTranslateOptions(config, endpoint));
}
