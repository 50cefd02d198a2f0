import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { extname, join, normalize } from 'node:path';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { webRoot } from '../src/index.ts';

export type Message = { type: string } & Record<string, unknown>;

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  /** Whether the server can be reached; the files of the page always can, as if the browser had kept them. */
  isUp: boolean;
  /** All client messages in order. */
  readonly received: readonly Message[];
  /** Sends a message to all clients. */
  send(message: Message): void;
  /** Terminates every socket, like a server that is gone. */
  cut(): void;
  /** Resolves with the first matching message, received before or after the call. */
  awaitMessage(fits: (message: Message) => boolean): Promise<Message>;
}

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** The content security policy of the edge's page. */
const contentSecurityPolicy = "default-src 'self'; connect-src 'self' ws: wss:";

const languages = [
  { code: 'en', name: 'English', nativeName: 'English', targets: ['es', 'ca'] },
  { code: 'es', name: 'Spanish', nativeName: 'español', targets: [] },
  { code: 'ca', name: 'Catalan', nativeName: 'català', targets: [] },
];

/**
 * Serves the page under the edge's content security policy, and a WebSocket that replies according to the script.
 *
 * @param script called for each client message; its result is sent back
 * @param onConnection receives a function that closes the new connection
 * @param isRefused whether access is refused with HTTP 401
 */
export async function startScriptedServer(
  script: (message: Message) => readonly Message[],
  onConnection: (close: (code: number) => void) => void = () => undefined,
  isRefused: () => boolean = () => false,
): Promise<ScriptedServer> {
  const received: Message[] = [];
  const waiting = new Set<() => void>();
  const http = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path.startsWith('/v1/') && !server.isUp) {
      request.socket.destroy();
      return;
    }
    if (path.startsWith('/v1/') && isRefused()) {
      response.writeHead(401).end();
      return;
    }
    if (path === '/v1/languages') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ languages }));
      return;
    }
    const file = path === '/' ? '/index.html' : path;
    readFile(join(webRoot, file)).then(
      (body) => {
        const type = types[extname(file)] ?? 'application/octet-stream';
        response.writeHead(200, { 'content-type': type, 'content-security-policy': contentSecurityPolicy }).end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({
    server: http,
    path: '/v1/stream',
    verifyClient: ({ req }: { req: IncomingMessage }) => {
      if (!server.isUp) req.socket.destroy();
      return server.isUp && !isRefused();
    },
    handleProtocols: () => 'parley.v1',
  });
  const send = (socket: WebSocket, message: Message) => {
    socket.send(JSON.stringify(message));
  };
  sockets.on('connection', (socket) => {
    onConnection((code) => socket.close(code));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      received.push(message);
      for (const answer of script(message)) send(socket, answer);
      for (const look of waiting) look();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const server: ScriptedServer = {
    isUp: true,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    received,
    send: (message) => {
      for (const socket of sockets.clients) send(socket, message);
    },
    cut: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    awaitMessage: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = received.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return server;
}

/** The first reply of every session. */
export const sessionStarted: Message = {
  type: 'session.started',
  sessionId: 's1',
  joinCode: 'j',
  resumeToken: 'r',
  offset: 0,
  limits: { maxFrameBytes: 262144, maxTextChars: 10000, maxTargetLanguages: 20 },
};
export const sessionEnded: Message = {
  type: 'session.ended',
  usage: { segments: 0, translations: 0, cached: 0, tokens: 0 },
};
