import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { createOpenAiEngine } from '@parley/engines';
import { APIConnectionError, APIError } from 'openai';

/** Parley's client streams finals of this length. */
export const streamFromChars = 60;

export function ourEngine(baseUrl: string) {
  const timeoutMs = 20_000;
  return createOpenAiEngine({
    baseUrl,
    apiKey: undefined,
    model: 'any',
    connections: 4,
    connectTimeoutMs: timeoutMs,
    firstTokenTimeoutMs: timeoutMs,
    totalTimeoutMs: timeoutMs,
    http2: true,
    pooled: true,
    streamFromChars,
    predictions: false,
    idleTimeoutMs: 60_000,
    refreshIntervalMs: 20_000,
  });
}

/**
 * Returns the body of the first request that Parley's client sends.
 *
 * @param ask sends a request to a base URL, which responds with an error
 */
export async function sentBody<Body>(ask: (baseUrl: string) => Promise<unknown>): Promise<Body> {
  const { promise: body, resolve } = Promise.withResolvers<Body>();
  const server = createServer((request, response) => {
    void readJson(request).then((received) => {
      resolve(received as Body);
      response.writeHead(500).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  server.close();
  return body;
}

/** Maps errors of the official client to those of Parley's. */
export function codeOf(error: unknown): string {
  if (error instanceof APIError && !(error instanceof APIConnectionError)) {
    if (error.code === 'language_pair_unsupported') return 'language-unsupported';
    if (error.status === 429) return 'engine-rate-limited';
    return (error.status as number) < 500 ? 'engine-rejected' : 'engine-unavailable';
  }
  // A connection that breaks in the middle of a body is an error of `fetch`, not of the client.
  return 'engine-unavailable';
}
