import type { ServerMessage } from '@parley/protocol';
import type { Connection } from './connection.ts';
import { DeadlineError, ServerError } from './errors.ts';

export interface WaitOptions {
  /** Timeout in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waiters for the reply to a message.
 *
 * @param awaited what the wait is for; part of the timeout error's text
 * @param id the `id` of the message; an `error` that names it rejects the wait
 * @param pick extracts the reply from a message; returns `undefined` for other messages
 * @throws ServerError, ConnectionClosedError, DeadlineError, or the signal's reason
 */
export function awaitReply<Reply>(
  connection: Connection,
  awaited: string,
  id: string,
  pick: (message: ServerMessage) => Reply | undefined,
  { timeoutMs, signal }: WaitOptions,
): Promise<Reply> {
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
