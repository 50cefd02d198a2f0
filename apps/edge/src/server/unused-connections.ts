import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * The connections of a server that have not sent a request yet. Browsers and HTTP clients open some in advance. Node.js counts
 * them as busy, so a server that only closes its idle connections would wait for them until they are cut.
 */
export class UnusedConnections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    const used = ({ socket }: IncomingMessage): void => void this.#sockets.delete(socket);
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    server.on('request', used);
    server.on('upgrade', used);
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
