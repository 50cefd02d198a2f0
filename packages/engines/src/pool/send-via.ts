import type { Dispatcher } from 'undici';
import type { HttpRequest } from './connection-pool.ts';

/** Makes a request over what undici keeps connections in, and says when one of them begins to carry it. */
export function sendVia(dispatcher: Dispatcher, { onSent, ...request }: HttpRequest): Promise<Dispatcher.ResponseData> {
  if (onSent === undefined) return dispatcher.request(request);
  const telling = dispatcher.compose((dispatch) => (options, handler) => {
    // undici makes a handler for each request.
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (...given) => {
      if (!request.signal.aborted) onSent();
      start?.(...given);
    };
    return dispatch(options, handler);
  });
  return telling.request(request);
}
