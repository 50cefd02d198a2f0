import { webSocketOpener, type OpenSocket, type SentMessage } from '@parley/client';
import { serverMessageSchema, type ServerMessage } from '@parley/protocol';
import { WebSocket } from 'ws';

/** Observes the traffic of all connections of a client. */
interface Tap {
  connected(atMs: number): void;
  disconnected(atMs: number): void;
  sent(message: SentMessage, atMs: number): void;
  received(message: ServerMessage, atMs: number): void;
}

/** Controls the sockets of a reconnecting client, to simulate network failures. */
export interface TappedSocket {
  readonly openSocket: OpenSocket;
  /** The number of connections opened so far. */
  readonly connections: number;
  /** Terminates the TCP connection without a closing handshake; nothing more is received on it. */
  cut(): void;
  /** Cuts right after this number of further messages, counted over all connections. */
  cutAfter(messages: number): void;
  /** Stops reading until `unstall`, so that the server's buffers fill. Not even a close is noticed. */
  stall(): void;
  unstall(): void;
}

const cutCloseCode = 1006;

export function tapSocket(tap: Tap): TappedSocket {
  let current: { readonly socket: WebSocket; readonly cut: () => void } | undefined;
  let connections = 0;
  let untilCut = Infinity;

  const openSocket: OpenSocket = async (request) => {
    let isClosed = false;
    const over = (closeCode: number, reason: string): void => {
      if (isClosed) return;
      isClosed = true;
      current = undefined;
      tap.disconnected(performance.now());
      request.events.onClose(closeCode, reason);
    };
    class OpenedWebSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { perMessageDeflate: false });
        const cut = (): void => {
          this.terminate();
          over(cutCloseCode, '');
        };
        this.once('open', () => {
          connections += 1;
          current = { socket: this, cut };
          tap.connected(performance.now());
        });
      }
    }
    const onFrame = (frame: string): void => {
      if (isClosed) return;
      tap.received(serverMessageSchema.parse(JSON.parse(frame)), performance.now());
      request.events.onFrame(frame);
      untilCut -= 1;
      if (untilCut > 0) return;
      untilCut = Infinity;
      current?.cut();
    };
    const socket = await webSocketOpener(OpenedWebSocket)({ ...request, events: { onFrame, onClose: over } });
    return {
      ...socket,
      send: (frame) => {
        if (isClosed) return;
        tap.sent(JSON.parse(frame) as SentMessage, performance.now());
        socket.send(frame);
      },
      terminate: () => current?.cut(),
    };
  };

  return {
    openSocket,
    get connections() {
      return connections;
    },
    cut: () => current?.cut(),
    cutAfter: (messages) => void (untilCut = messages),
    stall: () => current?.socket.pause(),
    unstall: () => current?.socket.resume(),
  };
}
