import { errors } from 'undici';

const codes = new Set([
  'ECONNRESET',
  'EPIPE',
  // What Node.js says of the streams of an HTTP/2 session that ended in an error or was told to go.
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
  'ERR_HTTP2_STREAM_CANCEL',
]);

/**
 * Whether a request failed because its connection ended under it. For one without an answer so far this is what a
 * keep-alive connection looks like that the server closed in the same moment (RFC 9112, section 9.3.1: such a
 * request may be sent again where that does no harm, and a translation does none).
 */
export function isStaleConnection(error: unknown): boolean {
  // The second is what undici says of an HTTP/2 stream whose session has gone.
  if (error instanceof errors.SocketError || error instanceof errors.InformationalError) return true;
  return error instanceof Error && 'code' in error && codes.has(String(error.code));
}
