import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ClientAddress } from '@parley/config';
import { closeCodes, subprotocol } from '@parley/protocol';
import { WebSocket, WebSocketServer } from 'ws';
import { attachSocket, type AttachSocketOptions } from './attach-socket.ts';
import { Heartbeat } from './heartbeat.ts';
import { decideUpgrade, refuseUpgrade, type AccessCheck, type UpgradeDecision } from './upgrade.ts';

/** RFC 6455, section 7.4.1: message too big; ws also says 1008 of a message in too many fragments. */
const tooMuchForWs = new Set([1008, 1009]);

export interface SocketsOptions extends AttachSocketOptions {
  readonly access: AccessCheck;
  /** Whose address counts for a request. */
  readonly clientAddress: ClientAddress;
  readonly heartbeatIntervalMs: number;
  /** How long a peer may take to answer a closing handshake before its connection is cut. */
  readonly closeTimeoutMs: number;
}

/**
 * A server's WebSocket that closes with the protocol's own code where a frame is beyond what the server will hold. ws
 * closes by itself there, with a code and no reason; an echo of the client's close code comes with a reason.
 */
class StreamWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (reason === undefined && code !== undefined && tooMuchForWs.has(code)) {
      super.close(closeCodes.tooMuch, 'the frame is too large');
    } else {
      super.close(code, reason);
    }
  }
}

/** Every open WebSocket of one edge. */
export class Sockets {
  readonly #options: SocketsOptions;
  readonly #server: WebSocketServer;
  readonly #heartbeat: Heartbeat;
  #closing = false;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat(options.heartbeatIntervalMs);
    const serverOptions = {
      noServer: true,
      WebSocket: StreamWebSocket,
      handleProtocols: () => subprotocol,
      perMessageDeflate: false,
      maxPayload: maxHeldBytes(options.maxFrameBytes),
      closeTimeout: options.closeTimeoutMs,
    };
    this.#server = new WebSocketServer(serverOptions);
  }

  /** Takes an HTTP request that asks to become a WebSocket: opens it, or answers with an HTTP error. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const connectionFailed = (): void => void connection.destroy();
    connection.on('error', connectionFailed);
    const { remoteAddress } = request.socket;
    // The connection is gone already.
    if (remoteAddress === undefined) {
      connectionFailed();
      return;
    }
    void this.#decide(request, remoteAddress).then((decision) => {
      if (connection.destroyed) return;
      if (!decision.accepted) {
        refuseUpgrade(connection, decision);
        return;
      }
      this.#server.handleUpgrade(request, connection, head, (ws) => {
        connection.off('error', connectionFailed);
        this.#heartbeat.watch(ws);
        attachSocket(ws, connection, decision.client, this.#options);
      });
    });
  }

  async #decide(request: IncomingMessage, remoteAddress: string): Promise<UpgradeDecision> {
    const { access, clientAddress } = this.#options;
    try {
      return await decideUpgrade(
        { url: request.url ?? '', headers: request.headers, remoteAddress },
        { isClosing: () => this.#closing, access, clientAddress },
      );
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'it could not be decided who may open a socket');
      return { accepted: false, status: 503, reason: 'access could not be checked; try again' };
    }
  }

  /** Refuses further upgrades, closes every socket with the code, and resolves when the last one is gone. */
  async close(code: number, reason: string): Promise<void> {
    this.#closing = true;
    this.#heartbeat[Symbol.dispose]();
    const { promise: allGone, resolve } = Promise.withResolvers<undefined>();
    this.#server.close(() => resolve(undefined));
    for (const ws of this.#server.clients) ws.close(code, reason);
    await allGone;
  }
}

/** What one message may cost in memory. Well above the limit, since a frame beyond this can only be answered by closing. */
function maxHeldBytes(maxFrameBytes: number): number {
  return Math.max(16 * 1024 * 1024, 4 * maxFrameBytes);
}
