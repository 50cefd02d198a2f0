import { engineEndpoints, type Config, type EngineEndpoint } from '@parley/config';
import {
  createFailoverEngine,
  createLibreTranslateEngine,
  createOpenAiEngine,
  type FailoverObserver,
} from '@parley/engines';
import { systemClock, type Engine } from '@parley/translation';
import { circuitSettings, libreTranslateOptions, openAiOptions } from './engine-options.ts';

/** The engine that the environment asks for: one or several endpoints, behind a circuit breaker each. */
export function createEngine(config: Config, observer: FailoverObserver): Engine {
  const endpoints = engineEndpoints(config).map((endpoint) => ({
    name: endpoint.name,
    for: endpoint.for,
    engine: createEndpoint(config, endpoint),
  }));
  return createFailoverEngine({
    endpoints,
    circuit: circuitSettings,
    hedging: config.HEDGING,
    observer,
    clock: systemClock,
    random: Math.random,
  });
}

/** What asks one endpoint. */
function createEndpoint(config: Config, endpoint: EngineEndpoint): Engine {
  if (endpoint.type === 'openai') return createOpenAiEngine(openAiOptions(config, endpoint));
  return createLibreTranslateEngine(libreTranslateOptions(config, endpoint));
}
