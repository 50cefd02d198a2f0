import type { ServerHttp2Stream } from 'node:http2';
import type { FastifyReply } from 'fastify';

/** The life of one reply, as its socket sees it. */
export interface Exchange {
  /** Aborted when the client leaves before its reply is complete. */
  readonly signal: AbortSignal;
  /** Resolves when the reply is complete, or the client is gone. */
  readonly closed: Promise<void>;
}

/** The client left before its reply was complete. */
class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';

  constructor() {
    super('the client left before its reply was complete');
  }
}

/**
 * Whether a reply that is closed went out as a whole. `writableFinished` is also true of HTTP/2 streams that were
 * aborted.
 */
export function isComplete({ raw }: Pick<FastifyReply, 'raw'>): boolean {
  if ('stream' in raw && (raw.stream as ServerHttp2Stream).aborted) return false;
  return raw.writableEnded && raw.writableFinished;
}

/** Watches a reply. (`request.signal` won't do: it is aborted as soon as the request's body has been read.) */
export function watchExchange(reply: Pick<FastifyReply, 'raw'>): Exchange {
  const gone = new AbortController();
  const closed = Promise.withResolvers<undefined>();
  reply.raw.once('close', () => {
    if (!isComplete(reply)) gone.abort(new ClientGoneError());
    closed.resolve(undefined);
  });
  return { signal: gone.signal, closed: closed.promise };
}
