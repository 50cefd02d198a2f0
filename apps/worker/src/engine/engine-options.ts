import { engineCertificates, type Config, type EngineEndpoint } from '@parley/config';
import type { CircuitSettings, EngineOptions } from '@parley/engines';
import type { RetryPolicy } from '@parley/translation';

/**
 * Finals are retried for 15 s with backoff growing to between 1 and 2 s, which is up to 20 calls if each fails at once. They
 * wait for capacity under the rate limit for up to two minutes, twice the period of a limit per minute.
 */
export const retryPolicy: RetryPolicy = {
  baseDelayMs: 100,
  maxDelayMs: 2000,
  deadlineMs: 15_000,
  maxRateLimitWaitMs: 120_000,
};

/** Finals with a longer wait for their next call are requeued, so that they do not occupy the thread. */
export const longestWaitMs = 250;

/**
 * The circuit opens when more than half of the last 20 calls failed, after at least 6 calls, which is more than count for a
 * single final that the endpoint cannot process. It is probed after 1 s, 2 s, and then every 4 s, so that a final retried for
 * 15 s finds a recovered endpoint.
 */
export const circuitSettings: CircuitSettings = {
  windowCalls: 20,
  minimumCalls: 6,
  failureShare: 0.5,
  firstPauseMs: 1000,
  maxPauseMs: 4000,
};

/** Returns the options common to endpoints of all types: their own settings, with those of the environment as defaults. */
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
