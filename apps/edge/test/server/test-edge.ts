import { EventEmitter, once } from 'node:events';
import { createLogger, type RefusalReason } from '@parley/telemetry';
import { WebSocket, type ClientOptions } from 'ws';
import type { ClientIdentity, Socket } from '../../src/core/socket.ts';
import { BufferBudget } from '../../src/limits/buffer-budget.ts';
import { HttpConnections } from '../../src/server/http-connections.ts';
import type { Refusals } from '../../src/refusals/refusal-log.ts';
import { EdgeServer, type EdgeServerOptions } from '../../src/server/edge-server.ts';

export type Heard =
  | { event: 'message'; frame: string; receivedAtMs: number }
  | { event: 'rejected'; code: string; message: string; bytes: number; causedBy: string | undefined }
  | { event: 'closed' };

/** The core's end of one connection: all received events in order. */
export class RecordedSocket {
  readonly socket: Socket;
  readonly client: ClientIdentity;
  readonly heard: Heard[] = [];
  /** Called when the network has taken all queued bytes. */
  onDrained: () => void = () => undefined;
  readonly #arrivals = new EventEmitter();

  constructor(socket: Socket, client: ClientIdentity) {
    this.socket = socket;
    this.client = client;
  }

  record(heard: Heard): void {
    this.heard.push(heard);
    this.#arrivals.emit('arrival');
  }

  /** Waits for the given number of events and returns the last one. */
  async nth(count: number): Promise<Heard> {
    while (this.heard.length < count) await once(this.#arrivals, 'arrival');
    return this.heard[count - 1] as Heard;
  }
}

interface TestEdgeOptions extends Partial<EdgeServerOptions> {
  readonly connectionLimits?: {
    readonly all?: number;
    readonly perAddress?: number;
    readonly isProxy?: (address: string) => boolean;
  };
}

/** A real server on a free port whose core only records events. */
export class TestEdge implements AsyncDisposable {
  readonly sockets: RecordedSocket[] = [];
  readonly logLines: string[] = [];
  readonly refusals: RefusalReason[] = [];
  readonly #clients: WebSocket[] = [];
  #server: EdgeServer | undefined;

  static async start({ connectionLimits = {}, ...options }: TestEdgeOptions = {}): Promise<TestEdge> {
    const edge = new TestEdge();
    const refusals: Refusals = { record: (reason) => void edge.refusals.push(reason) };
    edge.#server = await EdgeServer.start({
      host: '127.0.0.1',
      port: 0,
      maxFrameBytes: 64 * 1024,
      buffers: new BufferBudget(128 * 1024 * 1024),
      access: () => ({ allowed: true, tenant: 'clinic' }),
      refuse: () => undefined,
      refusals,
      connections: new HttpConnections({
        maxConnections: connectionLimits.all ?? 1000,
        maxPerAddress: connectionLimits.perAddress ?? 1000,
        isProxy: connectionLimits.isProxy ?? (() => false),
        refusals,
      }),
      clientAddress: (peer) => peer,
      checkRedis: () => Promise.resolve('ok'),
      logger: createLogger({ LOG_LEVEL: 'info' }, 'edge', { write: (line) => void edge.logLines.push(line) }),
      closeTimeoutMs: 2000,
      opened: (socket, client) => {
        const recorded = new RecordedSocket(socket, client);
        edge.sockets.push(recorded);
        return {
          message: (frame, receivedAtMs) => recorded.record({ event: 'message', frame, receivedAtMs }),
          frameRejected: (frame) => recorded.record({ event: 'rejected', causedBy: undefined, ...frame }),
          drained: () => recorded.onDrained(),
          closed: () => recorded.record({ event: 'closed' }),
        };
      },
      ...options,
    });
    return edge;
  }

  get server(): EdgeServer {
    if (this.#server === undefined) throw new Error('the server has not started');
    return this.#server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}`;
  }

  /** Opens a WebSocket, or rejects with a `RefusedError` for the server's reply. */
  async connect(options: ClientOptions & { path?: string; protocols?: string[] } = {}): Promise<WebSocket> {
    const { path = '/v1/stream', protocols = ['parley.v1'], ...clientOptions } = options;
    const client = new WebSocket(`ws://127.0.0.1:${this.server.port}${path}`, protocols, clientOptions);
    this.#clients.push(client);
    const refused = Promise.withResolvers<never>();
    client.on('unexpected-response', (request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        refused.reject(new RefusedError(response.statusCode ?? 0, body, response.headers['www-authenticate']));
        request.destroy();
      });
    });
    await Promise.race([once(client, 'open'), refused.promise]);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients) client.on('error', () => undefined).terminate();
    await this.server.close();
  }
}

class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: number;
  readonly wwwAuthenticate: string | undefined;

  constructor(status: number, body: string, wwwAuthenticate: string | undefined) {
    super(body);
    this.status = status;
    this.wwwAuthenticate = wwwAuthenticate;
  }
}

/** The code and reason with which a client's socket closes. */
export async function closing(client: WebSocket): Promise<{ code: number; reason: string }> {
  const [code, reason] = (await once(client, 'close')) as [number, Buffer];
  return { code, reason: reason.toString() };
}
