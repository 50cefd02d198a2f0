export { createOpenAiEngine } from './openai/openai-engine.ts';
export type { OpenAiEngineOptions } from './openai/options.ts';
