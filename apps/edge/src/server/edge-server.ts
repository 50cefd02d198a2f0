import { STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { ClientAddress } from '@parley/config';
import { closeCodes } from '@parley/protocol';
import { readinessReport } from '@parley/telemetry';
import { fastify, type FastifyInstance } from 'fastify';
import { HttpError, sendError } from '../http-api/http-error.ts';
import { connectionFailure } from './connection-failure.ts';
import { createHttpServer, type HttpServerOptions } from './create-http-server.ts';
import type { HttpConnections } from './http-connections.ts';
import { addHttpPages, refuseMalformedPath, type HttpPagesOptions } from './http-pages.ts';
import { Sockets, type SocketsOptions } from './sockets.ts';
import { addUpgradeAnswer } from './upgrade-answer.ts';

/** The largest body of an HTTP request. */
const maxBodyBytes = 16 * 1024;

/** The HTTP API, as far as the server knows it. */
export interface ServedApi {
  /** Adds its routes. */
  addTo(app: FastifyInstance): void;
  /** Ends open responses; resolves when they are closed. */
  close(): Promise<void>;
}

export interface EdgeServerOptions
  extends
    Pick<HttpPagesOptions, 'pagesFolder' | 'refuse' | 'logger'>,
    Pick<
      SocketsOptions,
      'maxFrameBytes' | 'access' | 'clientAddress' | 'opened' | 'buffers' | 'refusals' | 'connections'
    >,
    Partial<Pick<SocketsOptions, 'heartbeatIntervalMs' | 'closeTimeoutMs' | 'messageTimeoutMs'>> {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  /** Whether Redis can serve sessions: `ok` or the reason why not. The server itself is ready unless it is closing. */
  readonly checkRedis: () => Promise<string>;
  readonly api?: ServedApi;
  /** Unset: plain HTTP. */
  readonly tls?: HttpServerOptions['tls'];
  /** Timeout for receiving an HTTP request, from its first byte to its last. */
  readonly requestTimeoutMs?: number;
}

/** Another process already uses the port. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: unknown) {
    super(`port ${port} on ${host} is already in use; set PORT to another port (0 for any free port)`, { cause });
    this.host = host;
    this.port = port;
  }
}

/** One HTTP server with the WebSocket endpoint, health checks and the page. */
export class EdgeServer implements AsyncDisposable {
  readonly #app: FastifyInstance;
  readonly #sockets: Sockets;
  readonly #connections: HttpConnections;
  readonly #api: ServedApi | undefined;
  readonly #closeTimeoutMs: number;
  #closed: Promise<void> | undefined;

  /**
   * Starts listening.
   *
   * @throws PortTakenError if another process uses the port
   */
  static async start(options: EdgeServerOptions): Promise<EdgeServer> {
    const server = new EdgeServer(options);
    try {
      await server.#app.listen({ host: options.host, port: options.port });
    } catch (error) {
      await server.close();
      throw isAddressInUse(error) ? new PortTakenError(options.host, options.port, error) : error;
    }
    return server;
  }

  private constructor(options: EdgeServerOptions) {
    const { heartbeatIntervalMs = 15_000, closeTimeoutMs = 5000, messageTimeoutMs = 30_000 } = options;
    const { requestTimeoutMs = 10_000 } = options;
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#sockets = new Sockets({ ...options, heartbeatIntervalMs, closeTimeoutMs, messageTimeoutMs });
    this.#app = fastify({
      bodyLimit: maxBodyBytes,
      frameworkErrors: refuseMalformedPath,
      serverFactory: (onRequest) => createHttpServer(onRequest, { tls: options.tls, requestTimeoutMs }),
    });
    this.#connections = options.connections;
    // Under TLS, requests come from the socket of a completed handshake.
    const accepted = options.tls === undefined ? 'connection' : 'secureConnection';
    this.#app.server.on(accepted, (connection: Socket) => this.#connections.accept(connection));
    this.#countRequests(options.clientAddress);
    // Fastify then replies and closes the connection, after which its address is unknown.
    this.#app.server.prependListener('clientError', (error, { remoteAddress }: Socket) => {
      const reason = connectionFailure(error);
      if (reason !== undefined) options.refusals.record(reason, { address: remoteAddress ?? '' });
    });
    const readiness = async () =>
      this.#closed === undefined
        ? readinessReport({ redis: await options.checkRedis() })
        : readinessReport({ server: 'closing' });
    addHttpPages(this.#app, { ...options, readiness });
    addUpgradeAnswer(this.#app, (request) => this.#sockets.decide(request));
    this.#api = options.api;
    this.#api?.addTo(this.#app);
    this.#app.server.on('upgrade', (request, connection, head) => this.#sockets.upgrade(request, connection, head));
  }

  get port(): number {
    return (this.#app.server.address() as AddressInfo).port;
  }

  /**
   * Stops the server. Immediately refuses new sockets with HTTP 503, reports 503 at `/readyz`, and closes every
   * open socket with the code; sockets whose peer doesn't reply in time are terminated. Then the port is released.
   * Further calls return the same promise.
   */
  close(code: number = closeCodes.goingAway, reason = 'the edge is going away'): Promise<void> {
    return (this.#closed ??= this.#close(code, reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #countRequests(clientAddress: ClientAddress): void {
    const connections = this.#connections;
    // The body has arrived.
    this.#app.addHook('preValidation', async ({ raw, url, headers }, reply) => {
      if (connections.begin(raw.socket, clientAddress(raw.socket.remoteAddress ?? '', headers))) return;
      const message = 'too many connections from this address';
      const body = { statusCode: 429, error: STATUS_CODES[429], message };
      if (url.startsWith('/v1/')) await sendError(reply, new HttpError('too-many-connections', message));
      else await reply.code(429).send(body);
    });
    this.#app.addHook('onResponse', ({ raw }, _reply, done) => {
      connections.end(raw.socket);
      done();
    });
  }

  async #close(code: number, reason: string): Promise<void> {
    await Promise.all([this.#sockets.close(code, reason), this.#api?.close()]);
    const cut = setTimeout(() => this.#app.server.closeAllConnections(), this.#closeTimeoutMs);
    try {
      const closed = this.#app.close();
      this.#connections.closeIdle();
      await closed;
    } finally {
      clearTimeout(cut);
    }
  }
}

function isAddressInUse(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && error.code === 'EADDRINUSE';
}
