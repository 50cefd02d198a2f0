import { ClientConnection } from './client-connection.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { SocketOpened } from './socket.ts';

/** The edge without its sockets: any transport that can open, hear and close a connection can carry it. */
export class EdgeCore {
  readonly #deps: EdgeDependencies;
  readonly #connections = new Set<ClientConnection>();

  constructor(deps: EdgeDependencies) {
    this.#deps = deps;
  }

  /** A client has connected: the transport tells the returned handler what it hears. */
  readonly opened: SocketOpened = (socket, client) => {
    const connection = new ClientConnection(socket, client, this.#deps);
    this.#connections.add(connection);
    this.#deps.metrics.socketOpened();
    return {
      message: (frame, receivedAtMs) => connection.message(frame, receivedAtMs),
      frameRejected: (code, message, causedBy) => connection.frameRejected(code, message, causedBy),
      drained: () => connection.drained(),
      closed: () => {
        connection.closed();
        this.#deps.metrics.socketClosed();
        void connection.settled().then(() => this.#connections.delete(connection));
      },
    };
  };

  /** Another server answers behind Redis's address: every client is asked what it holds. */
  resync(): void {
    for (const connection of this.#connections) connection.resync();
  }

  /** Resolves when every message that came before is done and every closed connection has let its session go. */
  async drained(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.settled()));
  }
}
