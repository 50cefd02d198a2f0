import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, subprotocol } from '@parley/protocol';
import { WebSocket, WebSocketServer } from 'ws';

/**
 * RFC 6455, section 7.4.1: message too big. ws uses 1008 for a message in too many pieces.
 */
const wsTooBigCodes = new Set([1008, 1009]);

/** Even slow networks deliver more than this with each packet, so a message in smaller pieces is made to cost memory. */
const minChunkBytes = 512;
/** Proxies split messages into frames of some KiB. */
const minFragmentBytes = 4096;
/** How many pieces any message may have. */
const minPieces = 16;

/**
 * A WebSocket that closes with the protocol's own code if a message exceeds the server's buffer limits. In this case ws
 * closes with a code and no reason; an echo of the client's close code has a reason.
 */
class StreamWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (reason === undefined && code !== undefined && wsTooBigCodes.has(code)) {
      super.close(closeCodes.tooMuch, 'the frame is too large');
    } else {
      super.close(code, reason);
    }
  }
}

export interface MessageServerOptions {
  /** The largest frame that is handled. */
  readonly maxFrameBytes: number;
  /** The largest message that is buffered; a longer one closes its socket as soon as its length is announced. */
  readonly maxMessageBytes: number;
  /** Timeout for the closing handshake, after which the connection is terminated. */
  readonly closeTimeoutMs: number;
}

/** The WebSockets of one kind of clients, with the limits of `ws` for their messages. */
export class MessageServer {
  readonly maxFrameBytes: number;
  readonly maxMessageBytes: number;
  readonly #server: WebSocketServer;

  constructor({ maxFrameBytes, maxMessageBytes, closeTimeoutMs }: MessageServerOptions) {
    this.maxFrameBytes = maxFrameBytes;
    this.maxMessageBytes = maxMessageBytes;
    const serverOptions = {
      noServer: true,
      WebSocket: StreamWebSocket,
      handleProtocols: () => subprotocol,
      // Compressed messages would have to be inflated before their size is known.
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      maxFragments: minPieces + Math.ceil(maxMessageBytes / minFragmentBytes),
      maxBufferedChunks: minPieces + Math.ceil(maxMessageBytes / minChunkBytes),
      closeTimeout: closeTimeoutMs,
    };
    this.#server = new WebSocketServer(serverOptions);
  }

  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer, opened: (ws: WebSocket) => void): void {
    this.#server.handleUpgrade(request, connection, head, opened);
  }

  /** Closes every socket with the code, and resolves when all are closed. */
  async close(code: number, reason: string): Promise<void> {
    const { promise: allClosed, resolve } = Promise.withResolvers<undefined>();
    this.#server.close(() => resolve(undefined));
    for (const ws of this.#server.clients) ws.close(code, reason);
    await allClosed;
  }
}
