import { closeCodes, type CloseCode, type ServerMessage } from '@parley/protocol';
import type { EdgeMetrics } from '@parley/telemetry';
import { textFrame, type Socket } from '../core/socket.ts';
import type { Delivery, Subject } from './delivery.ts';

/** Keys whose newest revision is remembered; beyond that the oldest is forgotten. */
const filteredKeys = 8192;

/**
 * Drops partials that a newer one or the final has overtaken, for one reader of one session. Redis decides this already;
 * here late arrivals are caught that a filled gap in the log has overtaken.
 */
export class RevisionFilter {
  readonly #newest = new Map<string, number>();

  /** Whether this revision may be shown; if so it counts as shown. */
  show(key: string, revision: number): boolean {
    const newest = this.#newest.get(key);
    if (newest !== undefined && revision <= newest) return false;
    this.#newest.set(key, revision);
    if (newest === undefined && this.#newest.size > filteredKeys) this.#forgetOldest();
    return true;
  }

  /** The final is out: no revision may be shown any more. Whether it is the first one. */
  conclude(key: string): boolean {
    return this.show(key, Infinity);
  }

  #forgetOldest(): void {
    const [oldest] = this.#newest.keys();
    if (oldest !== undefined) this.#newest.delete(oldest);
  }
}

interface BufferedPartial {
  readonly segmentId: number;
  readonly frame: Buffer;
}

/** The newest partial of each key that a slow client could not be sent yet. */
class ConflationBuffer {
  readonly #partials = new Map<string, BufferedPartial>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Buffers a partial instead of an older one of its key; `true` where there was one. */
  put({ key, segmentId }: Subject, frame: Buffer): boolean {
    const isReplaced = this.drop(key);
    this.#partials.set(key, { segmentId, frame });
    this.#bytes += frame.byteLength;
    return isReplaced;
  }

  /** `true` where one was buffered. */
  drop(key: string): boolean {
    const partial = this.#partials.get(key);
    if (partial === undefined) return false;
    this.#partials.delete(key);
    this.#bytes -= partial.frame.byteLength;
    return true;
  }

  /** Takes the frame of the lowest segment; within a segment, of what was buffered first. */
  takeFirst(): Buffer | undefined {
    let first: [string, BufferedPartial] | undefined;
    for (const entry of this.#partials) {
      if (first === undefined || entry[1].segmentId < first[1].segmentId) first = entry;
    }
    if (first === undefined) return undefined;
    this.drop(first[0]);
    return first[1].frame;
  }

  clear(): void {
    this.#partials.clear();
    this.#bytes = 0;
  }
}

export interface OutboxOptions {
  /** What may wait, at the socket and in the conflation buffer together. */
  readonly maxUnreadBytes: number;
  readonly metrics: Pick<EdgeMetrics, 'errorSent' | 'partialFolded' | 'slowClientClosed'>;
}

/**
 * What leaves for one client, until its socket is closed. One that reads slowly misses only partials that a newer one or the
 * final replaces; one that lets more wait than it may is closed with 4508, and resumes.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #options: OutboxOptions;
  readonly #buffer = new ConflationBuffer();
  #closed = false;

  constructor(socket: Socket, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** Sends what is for this client alone. */
  reply(message: ServerMessage): void {
    if (this.#closed) return;
    if (message.type === 'error') this.#options.metrics.errorSent(message.code);
    this.#send(textFrame(JSON.stringify(message)));
  }

  /** Sends what a session's feed has; a partial may have to wait, and gives way to a newer one or its final. */
  deliver(delivery: Delivery): void {
    if (this.#closed) return;
    const { item, subject } = delivery;
    if (item.kind === 'partial' && subject !== undefined && this.#socket.needsDrain) {
      if (this.#buffer.put(subject, delivery.frame)) this.#options.metrics.partialFolded();
      this.#closeIfOverBound();
      return;
    }
    if (subject !== undefined && this.#buffer.drop(subject.key)) this.#options.metrics.partialFolded();
    this.#send(delivery.frame);
  }

  /** The network has taken what was queued: now what was buffered, as far as the socket has room. */
  drained(): void {
    while (!this.#closed && !this.#socket.needsDrain) {
      const frame = this.#buffer.takeFirst();
      if (frame === undefined) return;
      this.#send(frame);
    }
  }

  close(code: CloseCode, reason: string): void {
    if (!this.#closed) this.#socket.close(code, reason);
  }

  /** The socket is gone: nothing leaves any more. */
  socketClosed(): void {
    this.#closed = true;
    this.#buffer.clear();
  }

  #send(frame: Buffer): void {
    this.#socket.send(frame);
    this.#closeIfOverBound();
  }

  #closeIfOverBound(): void {
    if (this.#socket.bufferedBytes + this.#buffer.bytes <= this.#options.maxUnreadBytes) return;
    this.#options.metrics.slowClientClosed();
    this.close(closeCodes.slowConsumer, 'the client reads too slowly');
    this.socketClosed();
  }
}
