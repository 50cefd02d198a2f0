import type { AddressInfo } from 'node:net';
import { closeCodes } from '@parley/protocol';
import { readinessReport } from '@parley/telemetry';
import { fastify, type FastifyInstance } from 'fastify';
import { addHttpPages, type HttpPagesOptions } from './http-pages.ts';
import { Sockets, type SocketsOptions } from './sockets.ts';

/** How long a client may take to send one HTTP request. */
const requestTimeoutMs = 10_000;

export interface EdgeServerOptions
  extends
    Pick<HttpPagesOptions, 'metrics' | 'pagesFolder' | 'refuse' | 'logger'>,
    Pick<SocketsOptions, 'maxFrameBytes' | 'access' | 'clientAddress' | 'opened'>,
    Partial<Pick<SocketsOptions, 'heartbeatIntervalMs' | 'closeTimeoutMs'>> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whether Redis can serve sessions now: `ok`, or why not. The server itself is ready as long as it isn't closing. */
  readonly checkRedis: () => Promise<string>;
}

/** The edge can't listen where it is told to, because another process does. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
  readonly host: string;
  readonly port: number;

  constructor(host: string, port: number, cause: unknown) {
    super(`port ${port} on ${host} is taken by another process; set PORT to another one (0: any free one)`, { cause });
    this.host = host;
    this.port = port;
  }
}

/** One HTTP server with the WebSocket endpoint, health, metrics and the page. */
export class EdgeServer implements AsyncDisposable {
  readonly #app: FastifyInstance;
  readonly #sockets: Sockets;
  readonly #closeTimeoutMs: number;
  #closed: Promise<void> | undefined;

  /**
   * Starts to listen.
   *
   * @throws PortTakenError if another process listens there
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
    const { heartbeatIntervalMs = 15_000, closeTimeoutMs = 5000 } = options;
    this.#closeTimeoutMs = closeTimeoutMs;
    this.#sockets = new Sockets({ ...options, heartbeatIntervalMs, closeTimeoutMs });
    this.#app = fastify({
      requestTimeout: requestTimeoutMs,
      // Any other upgrade on offer (curl's `h2c`) is passed over: the request is answered as it stands.
      http: { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    });
    const readiness = async () =>
      this.#closed === undefined
        ? readinessReport({ redis: await options.checkRedis() })
        : readinessReport({ server: 'closing' });
    addHttpPages(this.#app, { ...options, readiness });
    this.#app.server.on('upgrade', (request, connection, head) => this.#sockets.upgrade(request, connection, head));
  }

  /** The port that it listens on. */
  get port(): number {
    return (this.#app.server.address() as AddressInfo).port;
  }

  /**
   * Stops. At once new sockets are refused with HTTP 503, `/readyz` says 503, and every open socket is closed with the
   * code; those whose peer doesn't answer in time are cut. Then the port is given back. Calling again gives the same
   * promise.
   */
  close(code: number = closeCodes.goingAway, reason = 'the edge is going away'): Promise<void> {
    return (this.#closed ??= this.#close(code, reason));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(code: number, reason: string): Promise<void> {
    await this.#sockets.close(code, reason);
    const cut = setTimeout(() => this.#app.server.closeAllConnections(), this.#closeTimeoutMs);
    try {
      await this.#app.close();
    } finally {
      clearTimeout(cut);
    }
  }
}

function isAddressInUse(error: unknown): boolean {
  return Error.isError(error) && 'code' in error && error.code === 'EADDRINUSE';
}
