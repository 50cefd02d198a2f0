import type { Connection } from '../connection.ts';
import { DeadlineError } from '../errors.ts';

/**
 * Resolves with the reason when a connection is closed or unresponsive. A connection without incoming messages is
 * pinged after `silenceMs` and given up after twice that time, because a network failure does not close the socket.
 */
export function waitForClose(connection: Connection, silenceMs: number, signal: AbortSignal): Promise<Error> {
  return new Promise((resolve) => {
    let silentPeriods = 0;
    const done = (error: Error): void => {
      clearInterval(timer);
      signal.removeEventListener('abort', onAbort);
      for (const release of releases) release();
      resolve(error);
    };
    const onAbort = (): void => {
      done(signal.reason as Error);
    };
    const timer = setInterval(() => {
      silentPeriods += 1;
      if (silentPeriods > 1) done(new DeadlineError('message', 2 * silenceMs));
      else connection.send({ type: 'ping' });
    }, silenceMs);
    const releases = [connection.on('closed', done), connection.on('message', () => (silentPeriods = 0))];
    signal.addEventListener('abort', onAbort, { once: true });
    if (connection.closed !== undefined) done(connection.closed);
    else if (signal.aborted) onAbort();
  });
}
