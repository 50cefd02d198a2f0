import { subscribe } from 'node:diagnostics_channel';
import { constants, type ClientHttp2Stream } from 'node:http2';

/** An aborted stream is gone when its RST_STREAM is out; longer than this it is not waited for. */
const resetTimeoutMs = 5000;

let watching = false;

/**
 * Sees to it that the abort of a request reaches the server, and harms nothing else. undici closes the stream of an
 * aborted request and destroys it in the same moment (seen in undici 8.13.1 on Node.js 24.21). Where frames of its
 * connection still wait to be written then,
 *
 * - its RST_STREAM is lost, and the server goes on for nobody. The answer's headers are taken for a new stream that
 *   the server pushed, which has no reader and no listener to its errors: it stays as long as its connection, and
 *   takes the whole process with it if that ends in an error;
 * - and if its own body is among those frames, Node.js writes empty frames of it for ever, in one native loop.
 *
 * So the streams of this process are given their time: close says CANCEL, and they are destroyed when that is out.
 */
export function watchAbortedStreams(): void {
  if (watching) return;
  watching = true;
  subscribe('http2.client.stream.created', (message) => endGently((message as { stream: ClientHttp2Stream }).stream));
}

function endGently(stream: ClientHttp2Stream): void {
  // Another copy of this module, of which a process may have several, has seen to it.
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
