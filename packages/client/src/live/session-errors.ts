import { closeCodes } from '@parley/protocol';
import { ConnectionClosedError, ConnectionRefusedError, ServerError } from '../errors.ts';

/** Closings after which coming back would only be refused, or take the session from somebody else. */
const finalCloseCodes = new Set<number>([
  closeCodes.ended,
  closeCodes.badFirstMessage,
  closeCodes.badResumeToken,
  closeCodes.overQuota,
  closeCodes.takenOver,
]);

/** Whether a session is over for this client after the error; otherwise it may come back. */
export function isFinal(error: unknown): boolean {
  if (error instanceof ConnectionClosedError) return error.cause !== undefined || finalCloseCodes.has(error.closeCode);
  if (error instanceof ConnectionRefusedError || error instanceof ServerError) return !error.retryable;
  return false;
}
