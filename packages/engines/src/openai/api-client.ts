import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import type { ConnectionPool, HttpRequest, HttpResponse } from '../pool/connection-pool.ts';
import { discardBody } from '../pool/send-via.ts';
import type { ApiAddress } from './api-address.ts';

/** The addresses below a base URL. */
export type ApiPath = '/chat/completions' | '/models';

/** A request whose address is found by its API client. */
export type ApiRequest = Omit<HttpRequest, 'path' | 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** Makes requests to an API, at the address below its base URL at which it has been found. */
export interface ApiClient {
  /**
   * Where the address isn't known, the other ones are tried after it. The answer is that of the first which knows it, else
   * that of the base URL as it was given.
   */
  request(path: ApiPath, request: ApiRequest): Promise<HttpResponse>;
  /** Opens connections, see `ConnectionPool.warm`. @returns the status of an answer to `GET /models` */
  warm(signal: AbortSignal): Promise<number>;
}

/** Answers of a server that doesn't know an address. Some pages know it for reading alone. */
function isUnknown(statusCode: number): boolean {
  return statusCode === 404 || statusCode === 405;
}

/** LM Studio's words for an address that it doesn't know, with the status 200. */
const unknownAddress = /^\s*\{\s*"error"\s*:\s*"Unexpected endpoint or method/i;

/**
 * Looks whether an answer with a good status is that of another address: a web page, or a word of its own for an unknown one.
 * Streams of events are not looked into, and no other answer comes in pieces that count.
 */
async function look(
  response: HttpResponse,
): Promise<{ readonly response: HttpResponse; readonly isElsewhere: boolean }> {
  const type = response.headers['content-type'] ?? '';
  if (isUnknown(response.statusCode)) return { response, isElsewhere: true };
  if (response.statusCode !== 200 || !/\b(?:html|json)\b/i.test(type)) return { response, isElsewhere: false };
  const body = await readText(response.body);
  return {
    response: { ...response, body: Readable.from([Buffer.from(body)]) },
    isElsewhere: /\bhtml\b/i.test(type) || unknownAddress.test(body),
  };
}

export function createApiClient(pool: ConnectionPool, address: ApiAddress): ApiClient {
  const { search, headers } = address;
  let { basePaths } = address;

  function built(basePath: string, path: ApiPath, request: ApiRequest): HttpRequest {
    return { ...request, path: `${basePath}${path}${search}`, headers: { ...headers, ...request.headers } };
  }

  return {
    async request(path, request) {
      const [given = '', ...others] = basePaths;
      const answer = await pool.request(built(given, path, request));
      if (others.length === 0) return answer;
      const { response: first, isElsewhere } = await look(answer);
      if (!isElsewhere) return first;
      // Read now, so that its connection is free for the next request.
      const body = await readText(first.body);
      for (const other of others) {
        const { response, isElsewhere } = await look(await pool.request(built(other, path, request)));
        if (!isElsewhere) {
          basePaths = [other];
          return response;
        }
        await discardBody(response.body);
      }
      return { ...first, body: Readable.from([Buffer.from(body)]) };
    },

    async warm(signal) {
      let first: number | undefined;
      for (const basePath of basePaths) {
        const statusCode = await pool.warm(built(basePath, '/models', { method: 'GET', signal }));
        first ??= statusCode;
        if (isUnknown(statusCode)) continue;
        if (basePath !== address.basePaths[0]) basePaths = [basePath];
        return statusCode;
      }
      return first ?? 404;
    },
  };
}
