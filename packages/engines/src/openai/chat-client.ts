import { text as readText } from 'node:stream/consumers';
import type { EngineUsage } from '@parley/translation';
import type { ConnectionPool, HttpRequest, HttpResponse } from '../pool/connection-pool.ts';
import type { ChatRequest } from './chat-request.ts';
import { countedTokens } from './counted-tokens.ts';
import { dialectOf, refusedParameter, type Dialect, type OptionalParameter } from './dialect.ts';
import type { Endpoint } from './endpoint.ts';
import { readErrorBody } from './error-body.ts';
import { statusError } from './status-error.ts';

/** How a request is made. */
export type AskOptions = Pick<HttpRequest, 'signal' | 'apart' | 'onSent'>;

/** Asks one model of one endpoint, in the dialect that it has been found to understand. */
export interface ChatClient {
  /**
   * Resolves with an answer whose status is 2xx and whose body is still to be read.
   *
   * @param body builds the request in a dialect, once for each dialect that is tried
   * @throws EngineError for any other status; the pool's errors as they are
   */
  ask(body: (dialect: Dialect) => ChatRequest, options: AskOptions): Promise<HttpResponse>;
  /** What the request counts as when it comes: see `countedTokens`. */
  countedTokens(body: (dialect: Dialect) => ChatRequest): EngineUsage;
}

export function createChatClient(pool: ConnectionPool, endpoint: Endpoint, model: string): ChatClient {
  const refused = new Set<OptionalParameter>();

  async function ask(build: (dialect: Dialect) => ChatRequest, options: AskOptions): Promise<HttpResponse> {
    const body = build(dialectOf(model, refused));
    const response = await pool.request({
      method: 'POST',
      path: endpoint.chatPath,
      headers: { ...endpoint.headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...options,
    });
    if (response.statusCode >= 200 && response.statusCode < 300) return response;

    const detail = readErrorBody(await readText(response.body));
    const parameter = response.statusCode === 400 ? refusedParameter(detail, body) : undefined;
    if (parameter === undefined) throw statusError(response, detail, Date.now());
    // Another call may have learnt it meanwhile; either way the next body lacks what this one had.
    refused.add(parameter);
    return ask(build, options);
  }

  return {
    ask,
    countedTokens: (build) => countedTokens(build(dialectOf(model, refused))),
  };
}
