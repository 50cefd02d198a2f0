import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { HttpRequest, HttpResponse } from './connection-pool.ts';

/** Time and size limits for reading the rest of an aborted request's reply. */
const lingerMs = 500;
const lingerBytes = 64 * 1024;

/**
 * Makes an HTTP/1.1 request that can be aborted without losing its connection: the call ends at once, and the rest of the
 * reply is read in the background, within limits.
 *
 * @param send makes the request; aborting its signal closes the connection
 * @param tryLinger permits keeping the connection, until the permit is disposed; `undefined` if no other one is free meanwhile
 */
export async function requestLingering(
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
  tryLinger: () => Disposable | undefined,
): Promise<HttpResponse> {
  const { signal } = request;
  signal.throwIfAborted();
  const connection = new AbortController();
  const left = Promise.withResolvers<never>();
  let reply: Readable | undefined;
  let timer: NodeJS.Timeout | undefined;
  let permit: Disposable | undefined;
  let isOver = false;
  const giveUp = (): void => connection.abort(signal.reason);
  const linger = (): void => {
    if (isOver || permit !== undefined) return;
    permit = tryLinger();
    if (permit === undefined) giveUp();
    else timer = setTimeout(giveUp, lingerMs).unref();
  };
  const leave = (): void => {
    linger();
    left.reject(signal.reason);
    reply?.destroy(signal.reason as Error);
  };
  const over = (): void => {
    if (isOver) return;
    isOver = true;
    permit?.[Symbol.dispose]();
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  };
  signal.addEventListener('abort', leave, { once: true });
  const answer = send({ ...request, signal: connection.signal }).then(({ statusCode, headers, body }) => {
    reply = detachable(body, { linger, giveUp, over });
    if (signal.aborted) reply.destroy(signal.reason as Error);
    return { statusCode, headers, body: reply };
  });
  answer.catch(over);
  return Promise.race([answer, left.promise]);
}

interface Leaving {
  /** The reader stopped before the end. */
  readonly linger: () => void;
  /** Too much of the reply is left. */
  readonly giveUp: () => void;
  /** The body has ended or failed. */
  readonly over: () => void;
}

/** Wraps a body so that its reader can stop early; the rest is then discarded. */
function detachable(body: Readable, { linger, giveUp, over }: Leaving): Readable {
  let discardedBytes = 0;
  const outer = new Readable({
    read: () => void body.resume(),
    destroy: (error, done) => {
      if (!body.readableEnded && !body.destroyed) {
        linger();
        body.resume();
      }
      done(error);
    },
  });
  outer.on('error', () => undefined);
  body.on('data', (chunk: Buffer) => {
    if (!outer.destroyed) {
      if (!outer.push(chunk)) body.pause();
      return;
    }
    discardedBytes += chunk.length;
    if (discardedBytes > lingerBytes) giveUp();
  });
  finished(body).then(
    () => {
      over();
      outer.push(null);
    },
    (error: unknown) => {
      over();
      outer.destroy(error as Error);
    },
  );
  return outer;
}
