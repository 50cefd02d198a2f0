import type { CloseCode, ErrorCode } from '@parley/protocol';

/** A client message that can't be done; it becomes an `error` message and changes nothing else. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly param: string | undefined;
  /** Where the socket has to be closed too: with this code. */
  readonly closeCode: CloseCode | undefined;

  constructor(code: ErrorCode, message: string, param?: string, closeCode?: CloseCode) {
    super(message);
    this.code = code;
    this.param = param;
    this.closeCode = closeCode;
  }
}

/** The session isn't this connection's any more. `fenced` closes the socket; after `gone` it may start another one. */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError';
  readonly reason: 'gone' | 'fenced';

  constructor(reason: 'gone' | 'fenced') {
    super(reason === 'gone' ? 'the session has ended or never was' : 'another connection has taken the session over');
    this.reason = reason;
  }
}
