import { engineCertificates, type Config, type EngineEndpoint } from '@parley/config';
import type { CircuitSettings, EngineOptions } from '@parley/engines';
import type { RetryPolicy } from '@parley/translation';

/**
 * How often a final is tried again: for 15 s, with waits that grow to 1 to 2 s, so up to 20 calls where each fails at once.
 * It may wait two minutes for room under the rate limit, which is twice as long as any limit a minute stays used up.
 */
export const retryPolicy: RetryPolicy = {
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 15_000,
  maxRateLimitWaitMs: 120_000,
};

/** A final that has to wait longer than this for its next call goes back to the lane, and leaves its place to others. */
export const longestWaitMs = 250;

/**
 * An endpoint is left alone while more than half of its last 20 calls failed, and after 6 at the earliest: more than are
 * counted of one final that it can't bear. Then one call tries it, after 1 s, 2 s, and from then on every 4 s: a final that is
 * tried for 15 s should find it well again.
 */
export const circuitSettings: CircuitSettings = {
  windowCalls: 20,
  minimumCalls: 6,
  failureShare: 0.5,
  firstPauseMs: 1000,
  maxPauseMs: 4000,
};

/** What endpoints of every type have in common: their own settings, else those of the environment. */
export function endpointOptions(config: Config, endpoint: EngineEndpoint): EngineOptions {
  return {
    baseUrl: endpoint.baseUrl,
    apiKey: endpoint.apiKey,
    connections: endpoint.connections ?? config.ENGINE_CONNECTIONS,
    connectTimeoutMs: endpoint.connectTimeoutMs ?? config.ENGINE_CONNECT_TIMEOUT_MS,
    firstTokenTimeoutMs: endpoint.firstTokenTimeoutMs ?? config.ENGINE_FIRST_TOKEN_TIMEOUT_MS,
    totalTimeoutMs: endpoint.totalTimeoutMs ?? config.ENGINE_TOTAL_TIMEOUT_MS,
    http2: endpoint.http2 ?? config.HTTP2,
    pooled: config.CONNECTION_POOL,
    idleTimeoutMs: 60_000,
    refreshIntervalMs: 20_000,
    certificateAuthority: engineCertificates(config),
  };
}
