import { ConnectionRefusedError, DeadlineError, ServerError } from '@parley/client';

/** Whether trying again may help after a session could not be joined, or was given up. */
export function isTemporary(error: unknown): boolean {
  if (error instanceof ConnectionRefusedError || error instanceof ServerError) return error.retryable;
  return error instanceof DeadlineError;
}
