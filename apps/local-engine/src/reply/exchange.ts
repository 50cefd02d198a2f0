import type { ServerHttp2Stream } from 'node:http2';
import type { FastifyReply } from 'fastify';

/** The lifetime of one reply. */
export interface Exchange {
  /** Aborted when the client disconnects before its reply is complete. */
  readonly signal: AbortSignal;
  /** Resolves when the reply is complete or the client has disconnected. */
  readonly closed: Promise<void>;
}

class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';

  constructor() {
    super('the client disconnected before its reply was complete');
  }
}

/**
 * Whether a closed reply was sent completely. `writableFinished` is also true for aborted HTTP/2 streams.
 */
export function isComplete({ raw }: Pick<FastifyReply, 'raw'>): boolean {
  if ('stream' in raw && (raw.stream as ServerHttp2Stream).aborted) return false;
  return raw.writableEnded && raw.writableFinished;
}

/** Watches a reply. `request.signal` is unsuitable: it is aborted as soon as the request body has been read. */
export function watchExchange(reply: Pick<FastifyReply, 'raw'>): Exchange {
  const gone = new AbortController();
  const closed = Promise.withResolvers<undefined>();
  reply.raw.once('close', () => {
    if (!isComplete(reply)) gone.abort(new ClientGoneError());
    closed.resolve(undefined);
  });
  return { signal: gone.signal, closed: closed.promise };
}
