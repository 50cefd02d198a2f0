import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ClientMessage, type ServerMessage, clientMessageSchema, streamPath, subprotocol } from '@parley/protocol';
import { WebSocketServer, type WebSocket } from 'ws';

/** The script's view of one client: a function to send messages, and the socket. */
interface ScriptedPeer {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  readonly send: (message: ServerMessage) => void;
}

export type Script = (message: ClientMessage, peer: ScriptedPeer) => void;

export interface ScriptedEdge extends AsyncDisposable {
  readonly url: string;
  /** All client messages in order of arrival. */
  readonly received: ClientMessage[];
}

/** A real WebSocket server that replies according to the script. */
export async function startScriptedEdge(
  script: Script,
  refuse: (request: IncomingMessage) => { status: number; body: string } | undefined = () => undefined,
): Promise<ScriptedEdge> {
  const received: ClientMessage[] = [];
  const http = createServer();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => subprotocol });
  http.on('upgrade', (request, socket, head) => {
    // A client that is refused may be gone before it has read why.
    socket.on('error', () => undefined);
    const refusal = request.url?.split('?')[0] === streamPath ? refuse(request) : { status: 404, body: 'no such path' };
    if (refusal !== undefined) {
      socket.end(
        `HTTP/1.1 ${refusal.status} Refused\r\nContent-Length: ${refusal.body.length}\r\nConnection: close\r\n\r\n${refusal.body}`,
      );
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => {
      const send = (message: ServerMessage): void => {
        client.send(JSON.stringify(message));
      };
      client.on('message', (data: Buffer) => {
        const message = clientMessageSchema.parse(JSON.parse(data.toString()));
        received.push(message);
        script(message, { request, socket: client, send });
      });
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: async () => {
      for (const client of sockets.clients) client.terminate();
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
}

export const started = {
  type: 'session.started',
  sessionId: 's1',
  joinCode: 'J',
  resumeToken: 'R',
  offset: 100,
  limits: { maxFrameBytes: 262144, maxTextChars: 10000, maxTargetLanguages: 20 },
} as const satisfies ServerMessage;

export const ended = {
  type: 'session.ended',
  usage: { segments: 1, translations: 1, cached: 0, tokens: 7 },
} as const satisfies ServerMessage;

export const timing = { queueMs: 1, engineMs: 2, totalMs: 3 };

/** A script that replies immediately with `[es] text`; each socket has its own session. */
export function markedScript(): Script {
  const sessions = new WeakMap<WebSocket, { targets: readonly string[]; offset: number }>();
  return (message, { socket, send }) => {
    const session = sessions.get(socket) ?? { targets: [], offset: started.offset };
    sessions.set(socket, session);
    if (message.type === 'session.start') session.targets = message.targetLanguages;
    if (message.type === 'session.start') send(started);
    if (message.type === 'session.end') send(ended);
    if (message.type === 'transcript.final') send({ type: 'transcript.accepted', segmentId: message.segmentId });
    if (message.type !== 'transcript.final' && message.type !== 'transcript.partial') return;
    for (const targetLanguage of session.targets) {
      const common = { segmentId: message.segmentId, targetLanguage, timing };
      const text = `[${targetLanguage}] ${message.text}`;
      if (message.type === 'transcript.final') {
        send({ type: 'translation.final', ...common, text, offset: (session.offset += 3), cached: false });
      } else {
        const { revision } = message;
        send({ type: 'translation.partial', ...common, revision, concluded: '', tentative: text });
      }
    }
  };
}
