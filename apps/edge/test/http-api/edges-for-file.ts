import { afterAll } from '@jest/globals';
import { loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import type { Redis } from 'ioredis';
import { startRedis } from '../../../../test/harness/redis.ts';
import { startEdge } from '../../src/start-edge.ts';

export interface TestEdges {
  /** The HTTP URL of each edge. */
  readonly urls: readonly [string, string];
  readonly metricsUrls: readonly [string, string];
  readonly redis: Redis;
  readonly redisUrl: string;
}

/** Starts a Redis and two edges in this process, for all tests of a file. */
export async function edgesForFile(env: Record<string, string>): Promise<TestEdges> {
  const opened = new AsyncDisposableStack();
  afterAll(() => opened.disposeAsync());
  const server = opened.use(await startRedis());
  const config = loadConfig({ REDIS_URL: server.url, PORT: '0', ...env });
  const start = async () => {
    const edge = await startEdge(config, createLogger({ LOG_LEVEL: 'silent' }, 'edge'));
    opened.defer(() => edge.close());
    return edge;
  };
  const [one, other] = [await start(), await start()];
  const metricsUrls = [one.metricsUrl, other.metricsUrl] as const;
  return { urls: [one.url, other.url], metricsUrls, redis: server.connect(), redisUrl: server.url };
}

/** A request with JSON in both directions. */
export async function call(
  url: string,
  options: { method?: string; key?: string | undefined; body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const { method = 'GET', key, body, headers } = options;
  const response = await fetch(url, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}
