import type { ErrorCode, ErrorMessage } from '@parley/protocol';

/** HTTP statuses below 500 of refusals that may be different soon: request timeout, too early, too many requests. */
const temporaryStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

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
    this.retryable = status === undefined || isTemporaryStatus(status);
  }
}

/** The function that returns the API key failed; `cause` is its error. Another attempt calls it again. */
export class ApiKeyError extends Error {
  override readonly name = 'ApiKeyError';

  constructor(cause: unknown) {
    super(`the function apiKey failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Whether a refusal with this HTTP status may be different soon. */
export function isTemporaryStatus(status: number): boolean {
  return status >= 500 || temporaryStatuses.has(status);
}

/** The server would accept a WebSocket, but something in between refuses or cuts it. */
export class WebSocketBlockedError extends ConnectionRefusedError {}

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
  /** The `id` of the message that the error is about, if the server names one. */
  readonly causedBy: string | undefined;
  readonly retryable: boolean;
  /** In how many milliseconds to send the message again, if the server says so. */
  readonly retryAfterMs: number | undefined;

  constructor(error: ErrorMessage) {
    super(`${error.code}: ${error.message}`);
    this.code = error.code;
    this.param = error.param;
    this.causedBy = error.causedBy;
    this.retryable = error.retryable;
    this.retryAfterMs = error.retryAfterMs;
  }
}

/** A reply did not arrive in time. `cause` is why the last attempt failed, if several were made. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly timeoutMs: number;

  constructor(awaited: string, timeoutMs: number, { cause }: { readonly cause?: Error | undefined } = {}) {
    const reason = cause === undefined ? '' : `; the last attempt failed: ${cause.message}`;
    super(`no ${awaited} within ${timeoutMs} ms${reason}`, cause === undefined ? undefined : { cause });
    this.timeoutMs = timeoutMs;
  }
}

/** The server sent a frame that is not a valid message of the protocol. */
export class UnreadableFrameError extends Error {
  override readonly name = 'UnreadableFrameError';
}

/** A reader of captions is so slow that too many finals are unread. */
export class CaptionOverflowError extends Error {
  override readonly name = 'CaptionOverflowError';

  constructor(maxUnread: number) {
    super(`more than ${maxUnread} captions are unread`);
  }
}
