import { ConnectionClosedError, ConnectionRefusedError, DeadlineError, ServerError } from '@parley/client';

const endedCloseCode = 1000;
const goneStatuses: ReadonlySet<number | undefined> = new Set([401, 404]);
const goneCodes: ReadonlySet<string> = new Set(['join-code-unknown', 'session-unknown', 'session-not-started']);

/** Whether trying again may help. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionRefusedError || error instanceof ServerError) return error.retryable;
  return error instanceof DeadlineError;
}

/** Whether the code leads nowhere. A reader who was away when a talk ended learns it by that. */
export function isGone(error: unknown): boolean {
  if (error instanceof ConnectionClosedError) return error.closeCode === endedCloseCode;
  if (error instanceof ConnectionRefusedError) return goneStatuses.has(error.status);
  return error instanceof ServerError && goneCodes.has(error.code);
}
