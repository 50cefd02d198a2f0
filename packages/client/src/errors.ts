import type { ErrorCode, ErrorMessage } from '@parley/protocol';

/** The server can't be reached, or it refused the WebSocket before it was open. */
export class ConnectionRefusedError extends Error {
  override readonly name = 'ConnectionRefusedError';
  /** The HTTP status of the refusal: 401 bad key, 403 not from here; `undefined` where no answer came at all. */
  readonly status: number | undefined;
  readonly retryable: boolean;

  constructor(message: string, status: number | undefined, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.retryable = status === undefined || status === 429 || status >= 500;
  }
}

/** The WebSocket was closed while something was still expected from it. */
export class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
  /** The WebSocket close code: one of `closeCodes` of the protocol, or 1006 where the connection was cut. */
  readonly closeCode: number;
  readonly reason: string;

  constructor(closeCode: number, reason: string, options?: ErrorOptions) {
    super(`the connection was closed with ${closeCode}${reason === '' ? '' : `: ${reason}`}`, options);
    this.closeCode = closeCode;
    this.reason = reason;
  }
}

/** The server answered with an `error` message. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  readonly code: ErrorCode;
  /** The field that is wrong, where the server names one. */
  readonly param: string | undefined;
  readonly retryable: boolean;

  constructor(error: ErrorMessage) {
    super(`${error.code}: ${error.message}`);
    this.code = error.code;
    this.param = error.param;
    this.retryable = error.retryable;
  }
}

/** An answer did not come in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly timeoutMs: number;

  constructor(awaited: string, timeoutMs: number) {
    super(`no ${awaited} within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/** The server sent a frame that is no message of the protocol. */
export class UnreadableFrameError extends Error {
  override readonly name = 'UnreadableFrameError';
}
