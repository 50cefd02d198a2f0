import { ClientConnection } from './client-connection.ts';
import type { EdgeDependencies } from './dependencies.ts';
import type { SocketOpened } from './socket.ts';

const idleCheckEveryMs = 10_000;

/** The edge without its transport; anything that can open, receive on and close connections can carry it. */
export class EdgeCore implements Disposable {
  readonly #deps: EdgeDependencies;
  readonly #connections = new Set<ClientConnection>();
  readonly #timer: NodeJS.Timeout;

  constructor(deps: EdgeDependencies) {
    this.#deps = deps;
    this.#timer = setInterval(() => {
      for (const connection of this.#connections) connection.closeIfIdle(performance.now());
    }, idleCheckEveryMs);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  /** Registers a new client; the transport passes its events to the returned handler. */
  readonly opened: SocketOpened = (socket, client) => {
    const connection = new ClientConnection(socket, client, this.#deps);
    this.#connections.add(connection);
    this.#deps.metrics.socketOpened();
    // Between the check of its key and now.
    if (this.#deps.isKeyRevoked(client.keyId)) connection.keyRevoked();
    return {
      message: (frame, receivedAtMs) => connection.message(frame, receivedAtMs),
      frameRejected: (frame) => connection.frameRejected(frame),
      drained: () => connection.drained(),
      closed: (hasLeft) => {
        connection.closed(hasLeft);
        this.#deps.metrics.socketClosed();
        void connection.idle().then(() => this.#connections.delete(connection));
      },
    };
  };

  /** Asks every client to report what it holds, after a different Redis server took over. */
  resync(): void {
    for (const connection of this.#connections) connection.resync();
  }

  /** The IDs of the API keys that the open connections have. */
  *keyIds(): Generator<string> {
    for (const { client } of this.#connections) if (client.keyId !== undefined) yield client.keyId;
  }

  /** Closes the connections with one of these API keys. */
  closeRevoked(keyIds: ReadonlySet<string>): void {
    for (const connection of this.#connections) {
      const { keyId } = connection.client;
      if (keyId !== undefined && keyIds.has(keyId)) connection.keyRevoked();
    }
  }

  /** Resolves when every message received so far is handled and every closed connection has released its session. */
  async drained(): Promise<void> {
    await Promise.all([...this.#connections].map((connection) => connection.idle()));
  }
}
