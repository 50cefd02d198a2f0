import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { HttpRequest, HttpResponse } from './connection-pool.ts';

/** How long, and how many bytes, the reply to an aborted request is read on. */
const lingerMs = 500;
const lingerBytes = 64 * 1024;

/**
 * Makes an HTTP/1.1 request whose abort need not cost its connection: the caller is rid of it at once, and what is left
 * of the reply is read behind its back, if that is little and soon.
 *
 * @param send makes the request; the abort of its signal closes the connection
 * @param isSpare whether others can do without the connection meanwhile
 */
export async function requestLingering(
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
  isSpare: () => boolean,
): Promise<HttpResponse> {
  const { signal } = request;
  signal.throwIfAborted();
  const connection = new AbortController();
  const left = Promise.withResolvers<never>();
  let reply: Readable | undefined;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => connection.abort(signal.reason);
  const linger = (): void => {
    if (isSpare()) timer ??= setTimeout(giveUp, lingerMs).unref();
    else giveUp();
  };
  const leave = (): void => {
    linger();
    left.reject(signal.reason);
    reply?.destroy(signal.reason as Error);
  };
  const over = (): void => {
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
  /** The reader has left before the end. */
  readonly linger: () => void;
  /** There is too much left to read. */
  readonly giveUp: () => void;
  /** The body has ended, well or not. */
  readonly over: () => void;
}

/** The same body, but its reader may leave before its end: the rest is then read for nobody. */
function detachable(body: Readable, { linger, giveUp, over }: Leaving): Readable {
  let bytesForNobody = 0;
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
    bytesForNobody += chunk.length;
    if (bytesForNobody > lingerBytes) giveUp();
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
