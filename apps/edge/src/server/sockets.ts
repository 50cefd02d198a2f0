import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ClientAddress } from '@parley/config';
import { Allowances } from '../limits/allowances.ts';
import type { BufferBudget } from '../limits/buffer-budget.ts';
import { isListener, sourceOf } from '../core/socket.ts';
import type { Refusals } from '../refusals/refusal-log.ts';
import { attachSocket, type AttachSocketOptions } from './attach-socket.ts';
import { countOnce } from './count-once.ts';
import { Heartbeat } from './heartbeat.ts';
import type { HttpConnections } from './http-connections.ts';
import { MessageServer } from './message-server.ts';
import { ReadingPace } from './reading-pace.ts';
import { UnfinishedMessages } from './unfinished-messages.ts';
import {
  decideUpgrade,
  refuseUpgrade,
  type AccessCheck,
  type UpgradeDecision,
  type UpgradeRequest,
} from './upgrade.ts';

const kibibyte = 1024;
/** How many bytes are read from a client. The bursts are more than one sends that speaks or listens. */
const readingRates = {
  host: { perSecond: 512 * kibibyte, burst: 2048 * kibibyte },
  listener: { perSecond: 16 * kibibyte, burst: 64 * kibibyte },
} as const;
/** The largest frame of a listener: far more than a `session.join` needs. */
const maxListenerFrameBytes = 4 * kibibyte;
/**
 * How many times the frame limit a message may be long without closing the socket: it is then answered with an error, and the
 * session continues.
 */
const answeredFrames = { host: 4, listener: 2 } as const;

export interface SocketsOptions extends Omit<AttachSocketOptions, 'count'> {
  readonly refusals: Refusals;
  readonly access: AccessCheck;
  /** Determines the client's address. */
  readonly clientAddress: ClientAddress;
  readonly heartbeatIntervalMs: number;
  /** Timeout for the closing handshake, after which the connection is terminated. */
  readonly closeTimeoutMs: number;
  /** How long a message may take from its first byte to its last. */
  readonly messageTimeoutMs: number;
  /** What all sockets together may buffer. */
  readonly buffers: BufferBudget;
  /** Those that are not WebSockets yet. */
  readonly connections: HttpConnections;
}

/** All open WebSockets of an edge. */
export class Sockets {
  readonly #options: SocketsOptions;
  /** `host`: clients with a key or a token to speak. */
  readonly #servers: Readonly<Record<'host' | 'listener', MessageServer>>;
  readonly #readable = { host: new Allowances(readingRates.host), listener: new Allowances(readingRates.listener) };
  readonly #heartbeat: Heartbeat;
  readonly #unfinished: UnfinishedMessages;
  #closing = false;

  constructor(options: SocketsOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat(options.heartbeatIntervalMs);
    this.#unfinished = new UnfinishedMessages(options);
    const serverOf = (kind: 'host' | 'listener', maxFrameBytes: number) =>
      new MessageServer({
        maxFrameBytes,
        maxMessageBytes: answeredFrames[kind] * maxFrameBytes,
        closeTimeoutMs: options.closeTimeoutMs,
      });
    this.#servers = {
      host: serverOf('host', options.maxFrameBytes),
      listener: serverOf('listener', Math.min(maxListenerFrameBytes, options.maxFrameBytes)),
    };
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
    const { connections, clientAddress } = this.#options;
    if (!connections.begin(connection, clientAddress(remoteAddress, headers))) {
      refuseUpgrade(connection, { accepted: false, status: 429, reason: 'too many connections from this address' });
      return;
    }
    void this.decide({ url, headers, remoteAddress }).then((decision) => {
      if (connection.destroyed) return;
      if (!decision.accepted) {
        refuseUpgrade(connection, decision);
        return;
      }
      const { client } = decision;
      const kind = isListener(client) ? 'listener' : 'host';
      const server = this.#servers[kind];
      const { maxFrameBytes, maxMessageBytes } = server;
      server.upgrade(request, connection, head, (ws) => {
        connection.off('error', destroyConnection);
        connections.release(connection);
        this.#heartbeat.watch(ws);
        const count = countOnce(this.#options.refusals, client.address);
        this.#unfinished.watch(ws, connection, { maxMessageBytes, count });
        const readable = this.#readable[kind].open(sourceOf(client), performance.now());
        const pace = new ReadingPace(ws, connection, readable);
        attachSocket({ ws, stream: connection, pace }, client, { ...this.#options, maxFrameBytes, count });
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
    this.#unfinished[Symbol.dispose]();
    const { host, listener } = this.#servers;
    await Promise.all([host.close(code, reason), listener.close(code, reason)]);
  }
}
