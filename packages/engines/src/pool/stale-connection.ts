import { errors } from 'undici';

const systemCodes = new Set(['ECONNRESET', 'EPIPE']);

/**
 * Whether a request failed because its connection ended under it. For one without an answer so far this is what a
 * keep-alive connection looks like that the server closed in the same moment (RFC 9112, section 9.3.1: such a
 * request may be sent again where that does no harm, and a translation does none).
 */
export function isStaleConnection(error: unknown): boolean {
  if (error instanceof errors.SocketError) return true;
  return error instanceof Error && 'code' in error && systemCodes.has(String(error.code));
}
