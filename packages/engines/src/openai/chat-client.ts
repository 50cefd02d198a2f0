import { text as readText } from 'node:stream/consumers';
import type { EngineUsage } from '@parley/translation';
import type { HttpRequest, HttpResponse } from '../pool/connection-pool.ts';
import type { ApiClient } from './api-client.ts';
import type { ChatRequest } from './chat-request.ts';
import { countedTokens } from './chat-request.ts';
import type { Dialect, Refusable } from './dialect.ts';
import { readErrorBody } from './error-body.ts';
import type { LearnedDialect } from './dialect.ts';
import { refusalIn } from './refusal.ts';
import { statusError } from './status-error.ts';

/** Options of one request. */
export type AskOptions = Pick<HttpRequest, 'signal' | 'useFreshConnection' | 'onSent'>;

/** Sends chat requests to one model of one endpoint, in the dialect that it is known to understand. */
export interface ChatClient {
  /**
   * Resolves with a 2xx response whose body is still to be read.
   *
   * @param body builds the request in a dialect; called for each dialect that is tried
   * @throws EngineError for any other status; errors of the pool unchanged
   */
  ask(body: (dialect: Dialect) => ChatRequest, options: AskOptions): Promise<HttpResponse>;
  /** See `countedTokens`. */
  countedTokens(body: (dialect: Dialect) => ChatRequest): EngineUsage;
}

export function createChatClient(api: ApiClient, learned: LearnedDialect): ChatClient {
  /** @param without parameters to leave out of this call only, because a value was out of range */
  async function ask(
    build: (dialect: Dialect) => ChatRequest,
    options: AskOptions,
    without: ReadonlySet<Refusable>,
  ): Promise<HttpResponse> {
    const body = build(learned.dialect(without));
    const response = await api.request('/chat/completions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...options,
    });
    if (response.statusCode >= 200 && response.statusCode < 300) return response;

    const detail = readErrorBody(await readText(response.body));
    const refusal = refusalIn(response.statusCode, detail, body);
    if (refusal === undefined) throw statusError(response, detail, Date.now());
    // Another call may have learned it meanwhile. Either way, each retry sends less, so this terminates.
    if (refusal.isLasting) learned.refuse(refusal.refused);
    return ask(build, options, refusal.isLasting ? without : new Set([...without, refusal.refused]));
  }

  return {
    ask: (build, options) => ask(build, options, new Set()),
    countedTokens: (build) => countedTokens(build(learned.dialect())),
  };
}
