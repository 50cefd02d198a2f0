import { closeCodes, type ErrorMessage } from '@parley/protocol';
import { ApiKeyError, ConnectionClosedError, ConnectionRefusedError, DeadlineError, ServerError } from '../errors.ts';

/** Close codes after which a new attempt would be refused or would take the session over from another client. */
const finalCloseCodes = new Set<number>([
  closeCodes.ended,
  closeCodes.badFirstMessage,
  closeCodes.badResumeToken,
  closeCodes.overQuota,
  closeCodes.takenOver,
  closeCodes.joinCodeChanged,
]);

/**
 * Whether an error is permanent, so that reconnecting is pointless. So is every error that no server or network causes,
 * such as that of an invalid URL, of a key that cannot be a subprotocol, or of an insecure socket in a secure page.
 */
export function isPermanent(error: unknown): boolean {
  if (error instanceof ConnectionClosedError) return error.cause !== undefined || finalCloseCodes.has(error.closeCode);
  if (error instanceof ConnectionRefusedError || error instanceof ServerError) return !error.retryable;
  return !(error instanceof DeadlineError || error instanceof ApiKeyError);
}

/**
 * Whether a quota of sockets or listeners is exceeded. For a client whose session was open, this is temporary: the sockets that an
 * edge had which was killed count for some more seconds, its own among them.
 */
export function isOverQuota(error: Error): boolean {
  return error instanceof ConnectionClosedError && error.closeCode === closeCodes.overQuota;
}

/** Whether an error says that the server no longer knows the session, whichever message caused it. */
export function isSessionLost({ code }: Pick<ErrorMessage, 'code'>): boolean {
  return code === 'session-unknown' || code === 'session-not-started' || code === 'join-code-unknown';
}

/** Whether a connection ended for a reason that only prevents resuming this one session. */
export function isOnlySessionLost(error: Error): boolean {
  if (error instanceof ConnectionClosedError) return error.closeCode === closeCodes.badResumeToken;
  return error instanceof ServerError && (isSessionLost(error) || error.code === 'resume-token-wrong');
}

/** Whether a connection ended because another one has taken over its session. */
export function isTakeover(error: Error): boolean {
  if (error instanceof ConnectionClosedError) return error.closeCode === closeCodes.takenOver;
  return error instanceof ServerError && error.code === 'session-taken-over';
}

/** HTTP "Too Early": the room of the join code has no session yet. */
const notStartedStatus = 425;

/** Whether an error says that a session to listen to has not begun. */
export function isNotStarted(error: Error): boolean {
  if (error instanceof ConnectionRefusedError) return error.status === notStartedStatus;
  return error instanceof ServerError && error.code === 'not-started';
}
