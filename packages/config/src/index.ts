export type { ApiKey } from './api-keys.ts';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export type { EngineEndpoint } from './engine-endpoint.ts';
export type { EngineLatency, LatencyQuantiles } from './engine-latency.ts';
export { engineBaseUrl, engineEndpoints } from './engine-base-url.ts';
export { loadConfig, type Config } from './load-config.ts';
export { redisUrl } from './redis-url.ts';
export type { ProcessName, Variable } from './variable.ts';
export { variables, type VariableName } from './variables.ts';
