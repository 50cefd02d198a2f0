import type { RefusalReason } from '@parley/telemetry';

/** The codes of ws for a message that is larger than it may buffer. */
const tooLarge: ReadonlySet<string> = new Set(['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', 'WS_ERR_TOO_MANY_BUFFERED_PARTS']);

/**
 * Whether a client or its network caused the error of a connection, and as what that is counted: an invalid WebSocket
 * frame (RFC 6455) or HTTP request, or a broken connection. `undefined` for any other error.
 */
export function connectionFailure(error: unknown): RefusalReason | undefined {
  if (!Error.isError(error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  if (tooLarge.has(error.code)) return 'frame-too-large';
  // The codes of ws; of Node.js's HTTP parser (`HPE_INVALID_METHOD`), server (`ERR_HTTP_REQUEST_TIMEOUT`) and TLS.
  if (/^(WS_ERR_|HPE_|ERR_HTTP_|ERR_SSL_|ERR_TLS_)/.test(error.code)) return 'protocol-error';
  return 'syscall' in error ? 'connection-lost' : undefined;
}
