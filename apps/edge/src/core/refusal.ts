import { closeCodes, type CloseCode, type ErrorCode } from '@parley/protocol';
import { redisErrorCode } from '@parley/telemetry';

/** A client message that can't be handled; sent as an `error` message, without other effects. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly param: string | undefined;
  /** Set if the socket must be closed too. */
  readonly closeCode: CloseCode | undefined;
  /** Set if the message should be sent again after this time. */
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, param?: string, closeCode?: CloseCode, retryAfterMs?: number) {
    super(message);
    this.code = code;
    this.param = param;
    this.closeCode = closeCode;
    this.retryAfterMs = retryAfterMs;
  }
}

const lossTexts = {
  gone: 'the session has ended or does not exist',
  fenced: 'another connection has taken over the session',
  'owner-lost': 'the server has lost recent data; resume the session',
} as const;

type SessionLoss = keyof typeof lossTexts;

/**
 * The connection has lost its session. `gone`: the socket may start another one. `fenced`: a newer connection owns
 * it. `owner-lost`: the connection still owns it, but Redis lost that with its last writes, so the client must report
 * what it holds.
 */
export class SessionLostError extends Error {
  override readonly name = 'SessionLostError';
  readonly reason: SessionLoss;

  constructor(reason: SessionLoss) {
    super(lossTexts[reason]);
    this.reason = reason;
  }
}

/** The error to send to a client. */
export interface RefusalNotice {
  readonly code: ErrorCode;
  readonly message: string;
  readonly param?: string | undefined;
  /** Set if the socket must be closed too. */
  readonly closeCode?: CloseCode | undefined;
  readonly retryAfterMs?: number | undefined;
}

const lossNotices: Record<SessionLoss, Omit<RefusalNotice, 'message'>> = {
  gone: { code: 'session-unknown' },
  'owner-lost': { code: 'temporarily-unavailable' },
  fenced: { code: 'session-taken-over', closeCode: closeCodes.takenOver },
};

/** The notice for an error that the client caused; `undefined` for other errors. */
export function refusalNotice(error: unknown): RefusalNotice | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof SessionLostError ? { ...lossNotices[error.reason], message: error.message } : undefined;
}

/** The notice for an error that the server caused. */
export function failureNotice(error: unknown, isRedisReady: boolean): RefusalNotice {
  const isRedis = redisErrorCode(error) !== undefined || !isRedisReady;
  const code = isRedis ? 'temporarily-unavailable' : 'internal';
  return { code, message: 'the message could not be handled; send it again' };
}
