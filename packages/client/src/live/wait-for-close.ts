import type { Connection } from '../connection.ts';
import { DeadlineError } from '../errors.ts';

/**
 * Resolves with the reason when a connection is closed, or of no use any more: one on which nothing comes is pinged
 * after `silenceMs`, and given up after twice as long, since a network that is gone closes no socket.
 */
export function closing(connection: Connection, silenceMs: number, signal: AbortSignal): Promise<Error> {
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
