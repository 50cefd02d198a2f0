import type { ErrorCode, ErrorMessage } from '@parley/protocol';

/** The server can't be reached, or refused the WebSocket handshake. */
export class ConnectionRefusedError extends Error {
  override readonly name = 'ConnectionRefusedError';
  /**
   * The HTTP status of the refusal, such as 401 (invalid key) or 403 (not allowed from this address); `undefined`
   * if there was no response.
   */
  readonly status: number | undefined;
  readonly retryable: boolean;

  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.retryable = status === undefined || status === 429 || status >= 500;
  }
}

/** The WebSocket was closed before an expected message arrived. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
  /** The WebSocket close code: one of the protocol's `closeCodes`, or 1006 if the connection was cut. */
  readonly closeCode: number;
  readonly reason: string;

  constructor(closeCode: number, reason: string, options?: ErrorOptions) {
    super(`the connection was closed with ${closeCode}${reason === '' ? '' : `: ${reason}`}`, options);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}

/** The server replied with an `error` message. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ErrorCode;
  /** The invalid field, if the server names one. */
  readonly param: string | undefined;
  readonly retryable: boolean;

  constructor(error: ErrorMessage) {
    super(`${error.code}: ${error.message}`);
    this.code = error.code;
    this.param = error.param;
    this.retryable = error.retryable;
  }
}

/** A reply did not arrive in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly timeoutMs: number;

  constructor(awaited: string, timeoutMs: number) {
    super(`no ${awaited} within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The server sent a frame that is not a valid message of the protocol. */
export class UnreadableFrameError extends Error {
  override readonly name = 'UnreadableFrameError';
}
