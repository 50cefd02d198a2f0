import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { interceptors, type Dispatcher } from 'undici';
import type { HttpRequest } from './connection-pool.ts';
import { maxReplyBytes } from './connector.ts';

/** Unpacks what is packed with gzip, deflate, Brotli or Zstandard, also in several layers. */
const unpack = interceptors.decompress({ skipErrorResponses: false, maxSize: maxReplyBytes });

/**
 * Makes a request over what undici keeps connections in, and says when one of them begins to carry it. Its answer is asked
 * for as it is, for each token is to come at once; servers and proxies that pack it all the same are understood.
 */
export function sendVia(dispatcher: Dispatcher, { onSent, ...request }: HttpRequest): Promise<Dispatcher.ResponseData> {
  const unpacking = dispatcher.compose(unpack);
  const headers = { 'accept-encoding': 'identity', ...request.headers };
  if (onSent === undefined) return unpacking.request({ ...request, headers });
  const telling = unpacking.compose((dispatch) => (options, handler) => {
    // undici makes a handler for each request.
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (...given) => {
      if (!request.signal.aborted) onSent();
      start?.(...given);
    };
    return dispatch(options, handler);
  });
  return telling.request({ ...request, headers });
}

/** Reads what nobody needs to its end, so that its connection is free again. Rejects if the body ends early. */
export async function discardBody(body: Readable): Promise<void> {
  body.resume();
  await finished(body);
}
