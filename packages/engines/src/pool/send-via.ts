import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { interceptors, type Dispatcher } from 'undici';
import type { HttpRequest } from './connection-pool.ts';
import { maxReplyBytes } from './connector.ts';

/** Decompresses gzip, deflate, Brotli and Zstandard, also in several layers. */
const unpack = interceptors.decompress({ skipErrorResponses: false, maxSize: maxReplyBytes });

/**
 * Makes a request through a dispatcher and reports when it is sent. An uncompressed response is requested, so that tokens are
 * not delayed; compressed ones are accepted nevertheless.
 */
export function sendVia(dispatcher: Dispatcher, { onSent, ...request }: HttpRequest): Promise<Dispatcher.ResponseData> {
  const unpacking = dispatcher.compose(unpack);
  const headers = { 'accept-encoding': 'identity', ...request.headers };
  if (onSent === undefined) return unpacking.request({ ...request, headers });
  const observed = unpacking.compose((dispatch) => (options, handler) => {
    // undici creates a handler per request.
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (...given) => {
      if (!request.signal.aborted) onSent();
      start?.(...given);
    };
    return dispatch(options, handler);
  });
  return observed.request({ ...request, headers });
}

/** Reads an unneeded body to its end, to free its connection. Rejects if the body ends early. */
export async function discardBody(body: Readable): Promise<void> {
  body.resume();
  await finished(body);
}
