export type { ApiKey } from './api-keys.ts';
export { ConfigError, type ConfigProblem } from './config-error.ts';
export { plainFaults, type EngineFaultEffect, type EngineFaultRate } from './engine-faults.ts';
export type { EngineLatency, LatencyQuantiles } from './engine-latency.ts';
export { engineBaseUrl } from './engine-base-url.ts';
export { loadConfig, type Config } from './load-config.ts';
export { cacheRedisUrl, redisUrl } from './redis-url.ts';
export type { ProcessName, Variable } from './variable.ts';
export { variables, type VariableName } from './variables.ts';
