import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { createOpenAiEngine } from '@parley/engines';
import { APIConnectionError, APIError } from 'openai';

/** Our client streams finals of so many characters. */
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
 * The body of the first request that our client sends.
 *
 * @param ask makes it send one to a base URL, where it is answered with an error
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

/** What the official client's error is called by ours. */
export function codeOf(error: unknown): string {
  if (error instanceof APIError && !(error instanceof APIConnectionError)) {
    if (error.code === 'language_pair_unsupported') return 'language-unsupported';
    if (error.status === 429) return 'engine-rate-limited';
    return (error.status as number) < 500 ? 'engine-rejected' : 'engine-unavailable';
  }
  // A connection that breaks in the midst of a body is an error of `fetch`, not of the client.
  return 'engine-unavailable';
}
