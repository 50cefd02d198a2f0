import { ApiKeyError, DeadlineError } from '../errors.ts';

/**
 * An API key or token, or a function that returns one. The function is called before each attempt to connect, so that a
 * short-lived token can be renewed.
 */
export type ApiKeySource = string | ((options: { readonly signal: AbortSignal }) => string | Promise<string>);

/**
 * Returns the key for one attempt to connect.
 *
 * @param timeoutMs time limit of a function
 * @throws ApiKeyError if the function fails, DeadlineError, or the signal's reason; TypeError if it doesn't return a key
 */
export async function readApiKey(
  source: ApiKeySource | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (typeof source !== 'function') return source;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DeadlineError('API key', timeoutMs)), timeoutMs);
  const either = AbortSignal.any([signal, deadline.signal]);
  let key: unknown;
  try {
    key = await untilAborted(either, async () => source({ signal: either }));
  } catch (cause) {
    either.throwIfAborted();
    throw new ApiKeyError(cause);
  } finally {
    clearTimeout(timer);
  }
  if (typeof key !== 'string' || key === '') throw new TypeError('the function apiKey must return a key or token');
  return key;
}

/** Rejects as soon as the signal is aborted. */
function untilAborted<Value>(signal: AbortSignal, run: () => Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    run()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}
