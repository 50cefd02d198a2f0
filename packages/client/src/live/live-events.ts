import type { ConnectionEvents } from '../connection.ts';

/**
 * As of a connection, over all of them: server messages under their own types, `message` for each of those, `sent` for
 * each that the client sends. `disconnected` comes whenever the session has lost its socket and will come back; where it
 * can't be taken up any more, another is started, of which `session.started` tells. `closed` comes once and last:
 * without an error where the session has ended or was closed here.
 */
export type LiveEvents = Omit<ConnectionEvents, 'closed'> & {
  disconnected: Error;
  closed: Error | undefined;
};
