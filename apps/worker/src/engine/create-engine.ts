import type { Config } from '@parley/config';
import { createOpenAiEngine } from '@parley/engines';
import type { Engine } from '@parley/translation';
import { engineOptions } from './engine-options.ts';

/** The engine that the environment asks for. */
export function createEngine(config: Config): Engine {
  return createOpenAiEngine(engineOptions(config));
}
