import { closeCodes } from '@parley/protocol';
import type { EdgeMetrics } from '@parley/telemetry';
import type { Socket } from '../core/socket.ts';
import { HeldPartials, type PartialKey } from './held-partials.ts';

/** Up to here a client counts as one that reads: everything leaves at once. */
const foldAboveBytes = 64 * 1024;

/**
 * What leaves for one client. One that reads slowly misses only partials that a newer one or the final replaces; one
 * that lets more wait than it may is closed with 4508, and resumes.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #maxUnreadBytes: number;
  readonly #metrics: Pick<EdgeMetrics, 'partialFolded' | 'slowClientClosed'>;
  readonly #held = new HeldPartials();
  #closed = false;

  /** @param options.maxUnreadBytes what may wait, at the socket and held back together */
  constructor(
    socket: Socket,
    options: { maxUnreadBytes: number; metrics: Pick<EdgeMetrics, 'partialFolded' | 'slowClientClosed'> },
  ) {
    this.#socket = socket;
    this.#maxUnreadBytes = options.maxUnreadBytes;
    this.#metrics = options.metrics;
  }

  /** Sends what may not be lost. */
  send(frame: string): void {
    if (this.#closed) return;
    this.#socket.send(frame, this.#drained);
    this.#closeIfOverBound();
  }

  /** Sends a partial, or holds it in place of an older one until the client has read more. */
  sendPartial(key: PartialKey, frame: string): void {
    if (this.#closed) return;
    if (this.#isBehind()) {
      if (this.#held.put(key, frame)) this.#metrics.partialFolded();
      this.#closeIfOverBound();
    } else {
      // An older one may still be held: the socket has drained, but has not told so yet.
      this.conclude(key);
      this.send(frame);
    }
  }

  /** Drops what is held of this key. To be called before its final or its failure is sent. */
  conclude(key: PartialKey): void {
    if (this.#held.drop(key)) this.#metrics.partialFolded();
  }

  readonly #drained = (): void => {
    while (!this.#closed && !this.#isBehind()) {
      const frame = this.#held.takeFirst();
      if (frame === undefined) return;
      this.send(frame);
    }
  };

  #isBehind(): boolean {
    return this.#socket.bufferedBytes > foldAboveBytes;
  }

  #closeIfOverBound(): void {
    if (this.#socket.bufferedBytes + this.#held.bytes <= this.#maxUnreadBytes) return;
    this.#closed = true;
    this.#held.clear();
    this.#metrics.slowClientClosed();
    this.#socket.close(closeCodes.slowConsumer, 'the client reads too slowly');
  }
}
