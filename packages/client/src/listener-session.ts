import type { ClientMessageInput, SessionJoined } from '@parley/protocol';
import type { Connection, ConnectionEvents } from './connection.ts';

export type JoinOptions = Omit<Extract<ClientMessageInput, { type: 'session.join' }>, 'type' | 'id'>;

/** Another speaker's session, followed by a listener; receives only. */
export class ListenerSession {
  readonly joined: SessionJoined;
  readonly #connection: Connection;

  constructor(connection: Connection, joined: SessionJoined) {
    this.#connection = connection;
    this.joined = joined;
  }

  /**
   * Listens for one type of server message, for every `message`, or for `closed`.
   *
   * @returns a function that removes the listener
   */
  on<Name extends keyof ConnectionEvents>(name: Name, listener: (event: ConnectionEvents[Name]) => void): () => void {
    return this.#connection.on(name, listener);
  }
}
