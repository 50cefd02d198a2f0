import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Allowance } from '../limits/allowances.ts';

/** What a ping or pong counts as, in bytes: it takes few, but as much CPU time as a short message. */
const controlFrameBytes = 1024;

/**
 * Reads from a client no faster than a rate, in bytes. Above it the socket is paused, so that TCP holds the rest back at the
 * client, whose bytes would otherwise take the time of all others before anything can be refused.
 */
export class ReadingPace {
  readonly #ws: WebSocket;
  readonly #allowance: Allowance;
  #resumesAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param stream the underlying connection of the WebSocket
   * @param allowance how many bytes may be read, by the clock of `performance`; closed with the socket
   */
  constructor(ws: WebSocket, stream: Duplex, allowance: Allowance) {
    this.#ws = ws;
    this.#allowance = allowance;
    stream.on('data', (chunk: Buffer) => this.#spend(chunk.byteLength));
    for (const frame of ['ping', 'pong'] as const) ws.on(frame, () => this.#spend(controlFrameBytes));
    ws.on('close', () => {
      clearTimeout(this.#timer);
      allowance.close(performance.now());
    });
  }

  /** Reads nothing for this time, and for no less than is due already. What was read before is still handled. */
  pause(pauseMs: number): void {
    const resumesAtMs = performance.now() + pauseMs;
    // One that is being closed may still send for as long as its closing may take.
    if (resumesAtMs <= this.#resumesAtMs || this.#ws.readyState === this.#ws.CLOSED) return;
    this.#resumesAtMs = resumesAtMs;
    this.#ws.pause();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ws.resume(), pauseMs);
  }

  #spend(bytes: number): void {
    const pauseMs = this.#allowance.bucket.spend(performance.now(), bytes);
    if (pauseMs > 0) this.pause(pauseMs);
  }
}
