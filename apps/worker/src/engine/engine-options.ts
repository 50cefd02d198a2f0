import { readFileSync } from 'node:fs';
import { engineBaseUrl, type Config } from '@parley/config';
import type { OpenAiEngineOptions } from '@parley/engines';
import type { RetryPolicy } from '@parley/translation';

/** How often a final is tried again: 5 calls spread over at most 15 s. */
export const retryPolicy: RetryPolicy = { maxAttempts: 5, baseDelayMs: 100, maxDelayMs: 2000, deadlineMs: 15_000 };

/** A final that has to wait longer than this for its next call goes back to the lane, and leaves its place to others. */
export const longestWaitMs = 250;

/** The engine's options as the environment gives them. */
export function engineOptions(config: Config): OpenAiEngineOptions {
  return {
    baseUrl: engineBaseUrl(config),
    apiKey: config.OPENAI_API_KEY,
    model: config.OPENAI_MODEL,
    connections: config.ENGINE_CONNECTIONS,
    connectTimeoutMs: config.ENGINE_CONNECT_TIMEOUT_MS,
    firstTokenTimeoutMs: config.ENGINE_FIRST_TOKEN_TIMEOUT_MS,
    totalTimeoutMs: config.ENGINE_TOTAL_TIMEOUT_MS,
    http2: config.HTTP2,
    pooled: config.CONNECTION_POOL,
    streamFromChars: 160,
    idleTimeoutMs: 60_000,
    refreshIntervalMs: 20_000,
    certificateAuthority: certificates(config),
  };
}

/** What `ENGINE_CA_FILE` holds; its error, where it can't be read, names the file. */
function certificates({ ENGINE_CA_FILE: path }: Config): string | undefined {
  return path === undefined ? undefined : readFileSync(path, 'utf8');
}
