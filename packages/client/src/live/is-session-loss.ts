import type { ErrorMessage } from '@parley/protocol';

/** Whether an error says that the server no longer knows the session, whatever message it is about, if any. */
export function isSessionLoss({ code }: Pick<ErrorMessage, 'code'>): boolean {
  return code === 'session-unknown' || code === 'session-not-started' || code === 'join-code-unknown';
}
