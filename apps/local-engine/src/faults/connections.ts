import type { Server, Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/**
 * The connections of the engine's servers, for faults that affect a whole connection. A request is matched with its
 * connection by the peer's address, because under TLS and HTTP/2 it doesn't expose the TCP socket.
 */
export class Connections {
  readonly #sockets = new Map<string, Socket>();
  readonly #silent = new Set<Socket>();
  readonly #waiting = new Set<Socket>();

  /** Tracks the connections of the app's own server, and suppresses responses on silenced ones. */
  attach(app: FastifyInstance): void {
    this.watch(app.server);
    app.addHook('onRequest', (request, _reply, done) => {
      if (!this.isSilent(request)) done();
    });
    // Requests that were in progress when their connection was silenced.
    app.addHook('onSend', (request, _reply, _payload, done) => {
      if (!this.isSilent(request)) done();
    });
    app.addHook('preClose', (done) => {
      this.endUnanswered();
      done();
    });
  }

  /** Tracks the TCP connections of a server, whose event `connection` precedes any TLS handshake. */
  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      const peer = nameOf(socket);
      this.#sockets.set(peer, socket);
      socket.once('close', () => {
        this.#sockets.delete(peer);
        this.#silent.delete(socket);
        this.#waiting.delete(socket);
      });
    });
  }

  /** Suppresses all further responses on the connection of this request, except HTTP/2 pings. */
  silence(request: FastifyRequest): void {
    const socket = this.#socketOf(request);
    if (socket !== undefined) this.#silent.add(socket);
  }

  isSilent(request: FastifyRequest): boolean {
    const socket = this.#socketOf(request);
    return socket !== undefined && this.#silent.has(socket);
  }

  /** Never settles, so that the request gets no response. */
  leaveUnanswered(request: FastifyRequest): Promise<never> {
    const socket = this.#socketOf(request);
    if (socket !== undefined) this.#waiting.add(socket);
    return new Promise<never>(() => undefined);
  }

  /** Closes the connection in the middle of its traffic. */
  cut(request: FastifyRequest): void {
    this.#socketOf(request)?.destroy();
  }

  /** Closes the connection with a TCP reset. */
  reset(request: FastifyRequest): void {
    this.#socketOf(request)?.resetAndDestroy();
  }

  /** Closes the connections on which a client waits for a suppressed response. */
  endUnanswered(): void {
    for (const socket of [...this.#silent, ...this.#waiting]) socket.destroy();
  }

  #socketOf({ raw }: FastifyRequest): Socket | undefined {
    return this.#sockets.get(nameOf(raw.socket));
  }
}

function nameOf({ remoteAddress, remotePort }: Peer): string {
  return `${remoteAddress ?? ''} ${remotePort ?? ''}`;
}
