import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2SecureServer, ServerHttp2Stream } from 'node:http2';
import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { EngineStats } from './stats.ts';

/**
 * Counts the connections of the engine's servers and closes them on shutdown. Node.js closes HTTP/1.1 connections that are
 * idle when the shutdown begins, but waits for connections that were never used, which it counts as busy, and for those
 * that become idle later. HTTP/2 sessions get a GOAWAY and end after their last stream.
 */
export class OpenConnections {
  readonly #stats: EngineStats;
  readonly #sockets = new Set<Socket>();
  /** HTTP/1.1 connections without a request in progress. */
  readonly #idle = new Set<Socket>();
  #isEnding = false;

  constructor(stats: EngineStats) {
    this.#stats = stats;
  }

  watch(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.#track(socket);
      this.#trackIdle(socket);
    });
    this.#watchRequests(server);
  }

  watchTls(server: Http2SecureServer): void {
    server.on('connection', (socket: Socket) => this.#track(socket));
    server.on('secureConnection', (socket: TLSSocket) => {
      this.#stats.tlsHandshakeDone();
      if (socket.alpnProtocol !== 'h2') this.#trackIdle(socket);
    });
    server.on('session', () => this.#stats.http2SessionOpened());
    server.on('stream', (stream: ServerHttp2Stream) => {
      stream.once('aborted', () => this.#stats.http2StreamAborted());
    });
    this.#watchRequests(server);
  }

  /** Closes idle connections, now and as they become idle. */
  endIdle(): void {
    this.#isEnding = true;
    for (const socket of this.#idle) socket.destroySoon();
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }

  /** Closes all connections at once. */
  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #track(socket: Socket): void {
    this.#sockets.add(socket);
    const closed = this.#stats.connectionOpened();
    socket.once('close', () => {
      this.#sockets.delete(socket);
      closed();
    });
  }

  #trackIdle(socket: Socket): void {
    this.#markIdle(socket);
    socket.once('close', () => this.#idle.delete(socket));
  }

  #markIdle(socket: Socket): void {
    if (this.#isEnding) socket.destroySoon();
    else if (!socket.destroyed) this.#idle.add(socket);
  }

  #watchRequests(server: Server): void {
    server.on('request', ({ httpVersionMajor, socket }: IncomingMessage, reply: ServerResponse) => {
      if (httpVersionMajor > 1) return;
      this.#idle.delete(socket);
      reply.once('close', () => this.#markIdle(socket));
    });
  }
}
