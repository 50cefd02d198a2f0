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

const lossTexts = {
  gone: 'the session has ended or never was',
  fenced: 'another connection has taken the session over',
  forgotten: 'the server has lost its last moments; resume the session',
} as const;

type SessionLoss = keyof typeof lossTexts;

/**
 * The session isn't this connection's any more: `gone` (the socket may start another one), or `fenced` off by a newer
 * connection. `forgotten`: it is, but Redis has lost that with its last writes, and the client must say what it holds.
 */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError';
  readonly reason: SessionLoss;

  constructor(reason: SessionLoss) {
    super(lossTexts[reason]);
    this.reason = reason;
  }
}
