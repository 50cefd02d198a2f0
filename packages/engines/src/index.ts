export { createFailoverEngine, type FailoverEngineOptions } from './failover/failover-engine.ts';
export type { CallOutcome } from './failover/call-outcome.ts';
export type { CircuitPosition, CircuitSettings } from './failover/circuit.ts';
export type { FailoverObserver, PassedOver } from './failover/failover-observer.ts';
export type { FailoverEndpoint } from './failover/member.ts';
export { createLibreTranslateEngine } from './libretranslate/libretranslate-engine.ts';
export type { LibreTranslateEngineOptions } from './libretranslate/options.ts';
export { createOpenAiEngine } from './openai/openai-engine.ts';
export type { OpenAiEngineOptions } from './openai/options.ts';
