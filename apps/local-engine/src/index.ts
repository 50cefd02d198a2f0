export { startEngine, type EngineConfig, type RunningEngine } from './start-engine.ts';
export { markTranslation, unmarkTranslation, type UnmarkedTranslation } from './translators/marked.ts';
export { TranslatorUnavailableError } from './translators/translator.ts';
