import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import type { ConnectionPool, HttpRequest, HttpResponse } from '../pool/connection-pool.ts';
import { discardBody } from '../pool/send-via.ts';
import type { ApiAddress } from './api-address.ts';

/** Paths below the base URL. */
export type ApiPath = '/chat/completions' | '/models';

/** A request without its address, which the API client determines. */
export type ApiRequest = Omit<HttpRequest, 'path' | 'headers'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends requests to an API, finding its path below the base URL. */
export interface ApiClient {
  /**
   * Tries the candidate paths in turn until one is found. Returns the response of the first path that the server knows, else
   * that of the base URL as given.
   */
  request(path: ApiPath, request: ApiRequest): Promise<HttpResponse>;
  /** Opens connections, see `ConnectionPool.warm`. @returns the status of a response to `GET /models` */
  warm(signal: AbortSignal): Promise<number>;
}

/** Statuses for an unknown path. Some web pages only allow GET. */
function isUnknown(statusCode: number): boolean {
  return statusCode === 404 || statusCode === 405;
}

/** LM Studio's error for an unknown path, which it sends with status 200. */
const unknownAddress = /^\s*\{\s*"error"\s*:\s*"Unexpected endpoint or method/i;

/**
 * Detects a response with status 200 for an unknown path: a web page, or an error message. Event streams are not read;
 * other responses can be buffered.
 */
async function inspect(
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
      const { response: first, isElsewhere } = await inspect(answer);
      if (!isElsewhere) return first;
      // Read now, to free its connection for the next request.
      const body = await readText(first.body);
      for (const other of others) {
        const { response, isElsewhere } = await inspect(await pool.request(built(other, path, request)));
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
