import { EngineCancelledError } from '../engine/engine-error.ts';

/** What somebody waits for who may be told to stop. @throws EngineCancelledError as soon as the signal is aborted */
export async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(cancelledWhileWaiting(signal.reason));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

export function cancelledWhileWaiting(cause: unknown): EngineCancelledError {
  return new EngineCancelledError('the call was cancelled while it waited for the one that it joined', { cause });
}
