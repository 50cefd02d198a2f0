import { closeCodes, type CloseCode, type ServerMessage } from '@parley/protocol';
import type { EdgeMetrics } from '@parley/telemetry';
import type { BufferAccount } from '../limits/buffer-budget.ts';
import { Reply, type OutgoingMessage } from '../core/outgoing-message.ts';
import type { Socket } from '../core/socket.ts';
import type { Delivery, Subject } from './delivery.ts';

/** Maximum number of keys; the oldest is removed above it. */
const maxKeys = 8192;

/**
 * Drops partials superseded by a newer one or by the final, for one subscriber of one session. Redis already filters
 * them; this catches late arrivals superseded by a filled gap in the log.
 */
export class RevisionFilter {
  readonly #newest = new Map<string, number>();

  /** Whether this revision may be displayed; if so, it is recorded as displayed. */
  show(key: string, revision: number): boolean {
    const newest = this.#newest.get(key);
    if (newest !== undefined && revision <= newest) return false;
    this.#newest.set(key, revision);
    if (newest === undefined && this.#newest.size > maxKeys) this.#removeOldest();
    return true;
  }

  /** Records the final: no revision may be displayed afterwards. Returns whether it is the first final. */
  conclude(key: string): boolean {
    return this.show(key, Infinity);
  }

  #removeOldest(): void {
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
  }
}

interface BufferedPartial {
  readonly segmentId: number;
  readonly message: OutgoingMessage;
  readonly bytes: number;
}

/** The newest partial of each key that could not yet be sent to a slow client. */
class ConflationBuffer {
  readonly #partials = new Map<string, BufferedPartial>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Buffers a partial; returns `true` if it replaced an older one of its key. */
  put({ key, segmentId }: Subject, message: OutgoingMessage, bytes: number): boolean {
    const isReplaced = this.drop(key);
    this.#partials.set(key, { segmentId, message, bytes });
    this.#bytes += bytes;
    return isReplaced;
  }

  /** Returns `true` if a partial was buffered. */
  drop(key: string): boolean {
    const partial = this.#partials.get(key);
    if (partial === undefined) return false;
    this.#partials.delete(key);
    this.#bytes -= partial.bytes;
    return true;
  }

  /** Removes and returns a message of the lowest segment; within a segment, the one buffered first. */
  takeFirst(): OutgoingMessage | undefined {
    let first: [string, BufferedPartial] | undefined;
    for (const entry of this.#partials) {
      if (first === undefined || entry[1].segmentId < first[1].segmentId) first = entry;
    }
    if (first === undefined) return undefined;
    this.drop(first[0]);
    return first[1].message;
  }

  clear(): void {
    this.#partials.clear();
    this.#bytes = 0;
  }
}

/** What an outbox needs of a socket. */
type WritableSocket = Omit<Socket, 'pauseReading'>;

export interface OutboxOptions {
  /** Maximum bytes waiting at the socket and in the conflation buffer together. */
  readonly maxUnreadBytes: number;
  /** Counts these bytes among those of all clients. */
  readonly account?: BufferAccount;
  readonly metrics: Pick<EdgeMetrics, 'errorSent' | 'partialFolded' | 'slowClientClosed'>;
}

/**
 * Sends messages to one client until its socket is closed. A slow client misses only partials superseded by a newer
 * one or the final; if more bytes wait than allowed, it is closed with 4508 and can resume.
 */
export class Outbox {
  readonly #socket: WritableSocket;
  readonly #options: OutboxOptions;
  readonly #buffer = new ConflationBuffer();
  #closed = false;

  constructor(socket: WritableSocket, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /**
   * Sends a message that is meant for this client only.
   *
   * @param resumeOffset the offset with which a client resumes that has received nothing more
   */
  reply(message: ServerMessage, resumeOffset?: number): void {
    if (this.#closed) return;
    if (message.type === 'error') this.#options.metrics.errorSent(message.code);
    this.#send(new Reply(message, resumeOffset));
  }

  /** Sends an item of the session's feed; a partial may be buffered, and is dropped for a newer one or its final. */
  deliver(delivery: Delivery): void {
    if (this.#closed) return;
    const { item, subject } = delivery;
    if (item.kind === 'partial' && subject !== undefined && this.#socket.needsDrain) {
      if (this.#buffer.put(subject, delivery, this.#socket.sizeOf(delivery))) this.#options.metrics.partialFolded();
      this.#closeIfOverLimit();
      return;
    }
    if (subject !== undefined && this.#buffer.drop(subject.key)) this.#options.metrics.partialFolded();
    this.#send(delivery);
  }

  /** Sends buffered partials, as far as the socket accepts them. */
  drained(): void {
    while (!this.#closed && !this.#socket.needsDrain) {
      const partial = this.#buffer.takeFirst();
      if (partial === undefined) break;
      this.#send(partial);
    }
    if (!this.#closed) this.#count();
  }

  /** Closes the socket because too much is unread; the client can resume. */
  closeAsSlow(): void {
    if (this.#closed) return;
    this.#options.metrics.slowClientClosed();
    this.close(closeCodes.slowConsumer, 'the client reads too slowly');
    this.socketClosed();
  }

  close(code: CloseCode, reason: string): void {
    if (!this.#closed) this.#socket.close(code, reason);
  }

  /** Stops sending: the socket is closed. */
  socketClosed(): void {
    this.#closed = true;
    this.#buffer.clear();
    this.#options.account?.set(0);
  }

  /** The rest of a client that keeps up is sent within moments, without an event. */
  #count(): void {
    this.#options.account?.set(this.#socket.needsDrain ? this.#unreadBytes : 0);
  }

  get #unreadBytes(): number {
    return this.#socket.bufferedBytes + this.#buffer.bytes;
  }

  #send(message: OutgoingMessage): void {
    this.#socket.send(message);
    this.#closeIfOverLimit();
  }

  #closeIfOverLimit(): void {
    if (this.#unreadBytes > this.#options.maxUnreadBytes) this.closeAsSlow();
    else this.#count();
  }
}
