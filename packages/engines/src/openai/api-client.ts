import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import type { ConnectionPool, HttpRequest, HttpResponse } from '../pool/connection-pool.ts';
import { discardBody } from '../pool/discard-body.ts';
import type { Endpoint } from './endpoint.ts';

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

export function createApiClient(pool: ConnectionPool, endpoint: Endpoint): ApiClient {
  const { search, headers } = endpoint;
  let { basePaths } = endpoint;

  function built(basePath: string, path: ApiPath, request: ApiRequest): HttpRequest {
    return { ...request, path: `${basePath}${path}${search}`, headers: { ...headers, ...request.headers } };
  }

  return {
    async request(path, request) {
      const [given = '', ...others] = basePaths;
      const first = await pool.request(built(given, path, request));
      if (!isUnknown(first.statusCode) || others.length === 0) return first;
      // Read now, so that its connection is free for the next request.
      const body = await readText(first.body);
      for (const other of others) {
        const response = await pool.request(built(other, path, request));
        if (!isUnknown(response.statusCode)) {
          basePaths = [other];
          return response;
        }
        await discardBody(response.body);
      }
      return { ...first, body: Readable.from([body]) };
    },

    async warm(signal) {
      let first: number | undefined;
      for (const basePath of basePaths) {
        const statusCode = await pool.warm(built(basePath, '/models', { method: 'GET', signal }));
        first ??= statusCode;
        if (isUnknown(statusCode)) continue;
        if (basePath !== endpoint.basePaths[0]) basePaths = [basePath];
        return statusCode;
      }
      return first ?? 404;
    },
  };
}
