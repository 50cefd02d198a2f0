import { subscribe } from 'node:diagnostics_channel';
import { constants, type ClientHttp2Stream } from 'node:http2';

/** Maximum wait for the RST_STREAM of an aborted stream to be sent. */
const resetTimeoutMs = 5000;

let watching = false;

/**
 * Ensures that the abort of an HTTP/2 request reaches the server. undici closes and destroys the stream of an aborted request
 * at the same time (seen in undici 8.13.1 on Node.js 24.21). If frames of its connection are still waiting to be written,
 *
 * - its RST_STREAM is lost and the server continues. The response headers are taken for a stream pushed by the server, which
 *   has no reader and no error listener: it remains open as long as its connection, and terminates the process if the
 *   connection ends with an error;
 * - and if the request body is among those frames, Node.js writes empty frames in an endless native loop.
 *
 * To avoid this, streams are closed with CANCEL, and destroyed when that has been sent.
 */
export function watchAbortedStreams(): void {
  if (watching) return;
  watching = true;
  subscribe('http2.client.stream.created', (message) =>
    closeBeforeDestroy((message as { stream: ClientHttp2Stream }).stream),
  );
}

function closeBeforeDestroy(stream: ClientHttp2Stream): void {
  // Already patched by another copy of this module in the same process.
  if (Object.hasOwn(stream, 'close')) return;
  const close = stream.close.bind(stream);
  const destroy = stream.destroy.bind(stream);
  let isCloseUnderWay = false;
  stream.close = (code) => {
    isCloseUnderWay = true;
    queueMicrotask(() => (isCloseUnderWay = false));
    const late = setTimeout(destroy, resetTimeoutMs).unref();
    stream.once('close', () => clearTimeout(late));
    close(code ?? constants.NGHTTP2_CANCEL);
  };
  stream.destroy = (error) => (isCloseUnderWay && error === undefined ? stream : destroy(error));
}
