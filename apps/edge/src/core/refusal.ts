import type { ErrorCode } from '@parley/protocol';

/** A client message that can't be done; it becomes an `error` message and changes nothing else. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly param: string | undefined;

  constructor(code: ErrorCode, message: string, param?: string) {
    super(message);
    this.code = code;
    this.param = param;
  }
}

/** The session isn't this connection's any more; the socket is closed. */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError';
  readonly reason: 'gone' | 'fenced';

  constructor(reason: 'gone' | 'fenced') {
    super(reason === 'gone' ? 'the session has ended' : 'another connection has taken the session over');
    this.reason = reason;
  }
}
