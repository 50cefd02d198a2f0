import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import http2, { type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import type { TestCertificate } from './certificate.ts';

/** A request as it came in, and the means to answer it. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly answer: ServerResponse;
  /** The client's port, which tells one connection from another. */
  readonly port: number;
  /** Cuts the connection without a word. */
  cut(): void;
  /** Resolves when the client has ended the exchange before its answer was complete. */
  readonly aborted: Promise<void>;
}

type Http2Listener = Parameters<typeof http2.createSecureServer>[1];

type Script = (exchange: Exchange) => void | Promise<void>;

export interface ScriptedServer {
  readonly origin: string;
  /** What the next requests are answered with. */
  script: Script;
  readonly exchanges: Exchange[];
  readonly connections: number;
  /** Connections that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** The HTTP/2 sessions among them. */
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** Resolves with the next request that comes in. */
  nextExchange(): Promise<Exchange>;
  close(): Promise<void>;
}

/** More of them than Node.js lets pass by default. */
const streamResets = { streamResetBurst: 100_000, streamResetRate: 100_000 };

/** A real server on a free port of loopback that does what its script says: HTTP/1.1, or HTTP/2 with a certificate. */
export async function startScriptedServer(
  certificate?: TestCertificate,
  { maxStreams, keepAliveMs = 60_000 }: { maxStreams?: number; keepAliveMs?: number } = {},
): Promise<ScriptedServer> {
  const sessions = new Set<ServerHttp2Session>();
  const sockets = new Set<Socket>();
  const exchanges: Exchange[] = [];
  let connections = 0;
  let waiting: ((exchange: Exchange) => void)[] = [];

  const handle = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const aborted = new Promise<void>((resolve) => {
      answer.once('close', () => {
        if (!answer.writableEnded) resolve();
      });
    });
    const { socket } = request;
    const exchange: Exchange = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: await readText(request),
      answer,
      port: socket.remotePort ?? 0,
      cut: () => socket.destroy(),
      aborted,
    };
    exchanges.push(exchange);
    for (const resolve of waiting.splice(0)) resolve(exchange);
    await server.script(exchange);
  };
  const listener = (request: IncomingMessage, answer: ServerResponse): void => {
    handle(request, answer).catch(() => answer.destroy());
  };
  const listening =
    certificate === undefined
      ? http.createServer({ keepAliveTimeout: keepAliveMs }, listener)
      : // Its compatibility API has the same methods under types of its own.
        http2.createSecureServer(
          {
            ...certificate,
            allowHTTP1: true,
            ...streamResets,
            ...(maxStreams === undefined ? {} : { settings: { maxConcurrentStreams: maxStreams } }),
          },
          listener as unknown as Http2Listener,
        );
  listening.on(certificate === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  listening.on('session', (session: ServerHttp2Session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.on('error', () => undefined);
  });
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;

  const server: ScriptedServer = {
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    script: ({ answer }) => void answer.writeHead(404).end(),
    exchanges,
    get connections() {
      return connections;
    },
    sockets,
    sessions,
    nextExchange: () => new Promise((resolve) => waiting.push(resolve)),
    async close() {
      waiting = [];
      for (const socket of sockets) socket.destroy();
      listening.close();
      await once(listening, 'close');
    },
  };
  return server;
}
