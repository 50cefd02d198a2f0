import type { ServerMessage } from '@parley/protocol';
import type { Connection } from './connection.ts';
import { DeadlineError, ServerError } from './errors.ts';

export interface Wait {
  /** The most milliseconds to wait. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits for the answer to a message.
 *
 * @param awaited what is awaited, for the error
 * @param id the `id` of the message; an `error` that names it ends the wait
 * @param pick gives the answer out of a message, or `undefined` where that is not the one
 * @throws ServerError, ConnectionClosedError, DeadlineError, or the reason of the signal
 */
export function answer<Answer>(
  connection: Connection,
  awaited: string,
  id: string,
  pick: (message: ServerMessage) => Answer | undefined,
  { timeoutMs, signal }: Wait,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const releases: (() => void)[] = [];
    const release = (): void => {
      for (const undo of releases) undo();
    };
    const fail = (error: Error): void => {
      release();
      reject(error);
    };
    const onAbort = (): void => {
      fail(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      fail(new DeadlineError(awaited, timeoutMs));
    }, timeoutMs);
    releases.push(
      () => {
        clearTimeout(timer);
      },
      () => signal?.removeEventListener('abort', onAbort),
      connection.on('closed', fail),
      connection.on('message', (message) => {
        if (message.type === 'error' && message.causedBy === id) fail(new ServerError(message));
        const picked = pick(message);
        if (picked === undefined) return;
        release();
        resolve(picked);
      }),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    else if (connection.closed !== undefined) fail(connection.closed);
  });
}
