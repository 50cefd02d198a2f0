import { closeCodes, type ErrorMessage } from '@parley/protocol';
import { ConnectionClosedError, ServerError } from '../errors.ts';

/** Whether an error says that the server no longer knows the session, whatever message it is about, if any. */
export function isSessionLoss({ code }: Pick<ErrorMessage, 'code'>): boolean {
  return code === 'session-unknown' || code === 'session-not-started' || code === 'join-code-unknown';
}

/** Whether a connection ended for a reason that only keeps this one session from being taken up again. */
export function endsSessionAlone(error: Error): boolean {
  if (error instanceof ConnectionClosedError) return error.closeCode === closeCodes.badResumeToken;
  return error instanceof ServerError && (isSessionLoss(error) || error.code === 'resume-token-wrong');
}
