import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ClientAddress } from '@parley/config';
import { closeCodes, subprotocol } from '@parley/protocol';
import { WebSocket, WebSocketServer } from 'ws';
import { attachSocket, type AttachSocketOptions } from './attach-socket.ts';
import { Heartbeat } from './heartbeat.ts';
import {
  decideUpgrade,
  refuseUpgrade,
  type AccessCheck,
  type UpgradeDecision,
  type UpgradeRequest,
} from './upgrade.ts';

/** RFC 6455, section 7.4.1: message too big. ws uses 1008 for a message with too many fragments. */
const wsTooBigCodes = new Set([1008, 1009]);

export interface SocketsOptions extends AttachSocketOptions {
  readonly access: AccessCheck;
  /** Determines the client's address. */
  readonly clientAddress: ClientAddress;
  readonly heartbeatIntervalMs: number;
  /** Timeout for the closing handshake, after which the connection is terminated. */
  readonly closeTimeoutMs: number;
}

/**
 * A WebSocket that closes with the protocol's own code if a frame exceeds the server's buffer limit. In this case ws
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

/** All open WebSockets of an edge. */
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
      maxPayload: maxBufferedBytes(options.maxFrameBytes),
      closeTimeout: options.closeTimeoutMs,
    };
    this.#server = new WebSocketServer(serverOptions);
  }

  /** Handles an HTTP upgrade request: opens the WebSocket or replies with an HTTP error. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const destroyConnection = (): void => void connection.destroy();
    connection.on('error', destroyConnection);
    const { remoteAddress } = request.socket;
    // The connection is already closed.
    if (remoteAddress === undefined) {
      destroyConnection();
      return;
    }
    const { url = '', headers } = request;
    void this.decide({ url, headers, remoteAddress }).then((decision) => {
      if (connection.destroyed) return;
      if (!decision.accepted) {
        refuseUpgrade(connection, decision);
        return;
      }
      this.#server.handleUpgrade(request, connection, head, (ws) => {
        connection.off('error', destroyConnection);
        this.#heartbeat.watch(ws);
        attachSocket(ws, connection, decision.client, this.#options);
      });
    });
  }

  /** Decides whether an upgrade request would be accepted; a failure of the check refuses it with 503. */
  async decide(request: UpgradeRequest): Promise<UpgradeDecision> {
    const { access, clientAddress, refusals } = this.#options;
    try {
      const decision = await decideUpgrade(request, { isClosing: () => this.#closing, access, clientAddress });
      if (!decision.accepted && decision.kind !== undefined) {
        refusals.record(decision.kind, { address: clientAddress(request.remoteAddress, request.headers) });
      }
      return decision;
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'checking access for a new socket failed');
      return { accepted: false, status: 503, reason: 'access could not be checked; try again' };
    }
  }

  /** Refuses further upgrades, closes every socket with the code, and resolves when all are closed. */
  async close(code: number, reason: string): Promise<void> {
    this.#closing = true;
    this.#heartbeat[Symbol.dispose]();
    const { promise: allClosed, resolve } = Promise.withResolvers<undefined>();
    this.#server.close(() => resolve(undefined));
    for (const ws of this.#server.clients) ws.close(code, reason);
    await allClosed;
  }
}

/** Maximum size of one message in memory. Well above the frame limit, because exceeding it closes the connection. */
function maxBufferedBytes(maxFrameBytes: number): number {
  return Math.max(16 * 1024 * 1024, 4 * maxFrameBytes);
}
