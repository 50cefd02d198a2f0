import type { Server, Socket } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';

type Peer = Pick<Socket, 'remoteAddress' | 'remotePort'>;

/**
 * The connections of the engine's servers, for faults that strike one as a whole. Requests are matched with theirs by the peer's address:
 * under TLS and HTTP/2 a request doesn't know the TCP socket that it came over.
 */
export class Connections {
  readonly #sockets = new Map<string, Socket>();
  readonly #silent = new Set<Socket>();
  readonly #waiting = new Set<Socket>();

  /** Takes in the connections of an app's own server, and answers no request on one that is silent. */
  attach(app: FastifyInstance): void {
    this.watch(app.server);
    app.addHook('onRequest', (request, _reply, done) => {
      if (!this.isSilent(request)) done();
    });
    // What was under way when its connection fell silent.
    app.addHook('onSend', (request, _reply, _payload, done) => {
      if (!this.isSilent(request)) done();
    });
    app.addHook('preClose', (done) => {
      this.endUnanswered();
      done();
    });
  }

  /** Takes in the TCP connections of a server: its event `connection` comes before any TLS. */
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

  /** From now on nothing is answered on the connection of this request. (The pings of HTTP/2 still are.) */
  silence(request: FastifyRequest): void {
    const socket = this.#socketOf(request);
    if (socket !== undefined) this.#silent.add(socket);
  }

  isSilent(request: FastifyRequest): boolean {
    const socket = this.#socketOf(request);
    return socket !== undefined && this.#silent.has(socket);
  }

  /** Never settles: the request is not answered. */
  leaveUnanswered(request: FastifyRequest): Promise<never> {
    const socket = this.#socketOf(request);
    if (socket !== undefined) this.#waiting.add(socket);
    return new Promise<never>(() => undefined);
  }

  /** Ends the connection in the midst of whatever goes over it. */
  cut(request: FastifyRequest): void {
    this.#socketOf(request)?.destroy();
  }

  /** Ends the connection with a TCP reset. */
  reset(request: FastifyRequest): void {
    this.#socketOf(request)?.resetAndDestroy();
  }

  /** Ends the connections that somebody waits on in vain. */
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
