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

/** Watches a reply. (`request.signal` won't do: it is aborted as soon as the request's body has been read.) */
export function watchExchange({ raw }: FastifyReply): Exchange {
  const gone = new AbortController();
  const closed = Promise.withResolvers<undefined>();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort(new ClientGoneError());
    closed.resolve(undefined);
  });
  return { signal: gone.signal, closed: closed.promise };
}
