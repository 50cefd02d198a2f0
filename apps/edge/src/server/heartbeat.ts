import { closeCodes } from '@parley/protocol';
import type { WebSocket } from 'ws';

/** How many pings in a row may stay without an answer. */
const maxUnansweredPings = 2;

/**
 * Pings every socket (RFC 6455, section 5.5.2) and cuts those from which nothing has come for two intervals. A peer that
 * can't be reached keeps its TCP connection open for many minutes otherwise.
 */
export class Heartbeat implements Disposable {
  readonly #unanswered = new Map<WebSocket, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(intervalMs: number) {
    this.#timer = setInterval(() => this.#beat(), intervalMs);
  }

  /** Watches a socket until it closes. */
  watch(ws: WebSocket): void {
    const alive = (): void => void this.#unanswered.set(ws, 0);
    alive();
    ws.on('pong', alive);
    ws.on('message', alive);
    ws.on('close', () => this.#unanswered.delete(ws));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    for (const [ws, unanswered] of this.#unanswered) {
      if (unanswered >= maxUnansweredPings) {
        // The close frame reaches a peer that is there and only doesn't answer; nobody waits for its reply.
        ws.close(closeCodes.silentTooLong, 'no answer to pings');
        ws.terminate();
      } else {
        this.#unanswered.set(ws, unanswered + 1);
        if (ws.readyState === ws.OPEN) ws.ping();
      }
    }
  }
}
