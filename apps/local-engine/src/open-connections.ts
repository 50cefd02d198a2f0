import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2SecureServer, ServerHttp2Stream } from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { EngineStats } from './stats.ts';

/**
 * The connections of the engine's servers, counted, and ended when they are done. Node.js ends those of HTTP/1.1 that
 * are idle when closing begins; it would go on to wait for those that were opened ahead and never used, which it counts
 * as busy, and for those that become idle later. HTTP/2 sessions are told to go, and end after their last stream.
 */
export class OpenConnections {
  readonly #stats: EngineStats;
  readonly #sockets = new Set<Socket>();
  /** HTTP/1.1 connections without a request on its way. */
  readonly #idle = new Set<Socket>();
  #ending = false;

  constructor(stats: EngineStats) {
    this.#stats = stats;
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#opened(socket);
      this.#takesRequests(socket);
    });
    this.#watchRequests(server);
  }

  watchTls(server: Http2SecureServer): void {
    server.on('connection', (socket: Socket) => this.#opened(socket));
    server.on('secureConnection', (socket: TLSSocket) => {
      this.#stats.tlsHandshakeDone();
      if (socket.alpnProtocol !== 'h2') this.#takesRequests(socket);
    });
    server.on('session', () => this.#stats.http2SessionOpened());
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.once('aborted', () => this.#stats.http2StreamAborted());
    });
    this.#watchRequests(server);
  }

  /** Ends what is idle, now and from now on. */
  endIdle(): void {
    this.#ending = true;
    for (const socket of this.#idle) socket.destroySoon();
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Cuts off everything. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #opened(socket: Socket): void {
    this.#sockets.add(socket);
    const closed = this.#stats.connectionOpened();
    socket.once('close', () => {
      this.#sockets.delete(socket);
      closed();
    });
  }

  #takesRequests(socket: Socket): void {
    this.#becameIdle(socket);
    socket.once('close', () => this.#idle.delete(socket));
  }

  #becameIdle(socket: Socket): void {
    if (this.#ending) socket.destroySoon();
    else if (!socket.destroyed) this.#idle.add(socket);
  }

  #watchRequests(server: Server): void {
    server.on('request', ({ httpVersionMajor, socket }: IncomingMessage, reply: ServerResponse) => {
      if (httpVersionMajor > 1) return;
      this.#idle.delete(socket);
      reply.once('close', () => this.#becameIdle(socket));
    });
  }
}
