import { closeCodes, type CloseCode, type ErrorCode } from '@parley/protocol';
import { redisErrorCode } from '@parley/telemetry';

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

/** How a client is told why its message was not done. */
export interface RefusalNotice {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string | undefined;
  /** Where the socket has to be closed too: with this code. */
  readonly closeCode?: CloseCode | undefined;
}

const lossNotices: Record<SessionLoss, Omit<RefusalNotice, 'message'>> = {
  gone: { code: 'session-unknown' },
  forgotten: { code: 'temporarily-unavailable' },
  fenced: { code: 'session-taken-over', closeCode: closeCodes.takenOver },
};

/** What a client is told of an error of its message; `undefined` where the error is none of the client's. */
export function refusalNotice(error: unknown): RefusalNotice | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof SessionLostError ? { ...lossNotices[error.reason], message: error.message } : undefined;
}

/** What a client is told where its message failed for a reason of the server's. */
export function failureNotice(error: unknown, isRedisReady: boolean): RefusalNotice {
  const isRedis = redisErrorCode(error) !== undefined || !isRedisReady;
  const code = isRedis ? 'temporarily-unavailable' : 'internal';
  return { code, message: 'the message could not be handled; it may be sent again' };
}
