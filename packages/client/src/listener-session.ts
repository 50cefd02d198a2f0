import type { ClientMessageInput, SessionJoined } from '@parley/protocol';
import type { Connection, ConnectionEvents } from './connection.ts';

export type JoinOptions = Omit<Extract<ClientMessageInput, { type: 'session.join' }>, 'type' | 'id'>;

/** Somebody else's session, as one listener follows it: events, and nothing to send. */
export class Listening {
  readonly joined: SessionJoined;
  readonly #connection: Connection;

  constructor(connection: Connection, joined: SessionJoined) {
    this.#connection = connection;
    this.joined = joined;
  }

  /**
   * Listens to one type of server message, to every `message`, or to `closed`.
   *
   * @returns what takes the listener off again
   */
  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#connection.on(name, listener);
  }
}
