import { closeCodes } from '@parley/protocol';
import type { WebSocket } from 'ws';

/** Maximum number of consecutive unanswered pings. */
const maxUnansweredPings = 2;

/**
 * Pings every socket (RFC 6455, section 5.5.2) and terminates those that were silent for two intervals. The TCP
 * connection of an unreachable peer would otherwise stay open for many minutes.
 */
export class Heartbeat implements Disposable {
  readonly #unanswered = new Map<WebSocket, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(intervalMs: number) {
    this.#timer = setInterval(() => this.#pingAll(), intervalMs);
  }

  /** Monitors a socket until it closes. */
  watch(ws: WebSocket): void {
    const markAlive = (): void => void this.#unanswered.set(ws, 0);
    markAlive();
    ws.on('pong', markAlive);
    ws.on('message', markAlive);
    ws.on('close', () => this.#unanswered.delete(ws));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #pingAll(): void {
    for (const [ws, unanswered] of this.#unanswered) {
      if (unanswered >= maxUnansweredPings) {
        // Informs a peer that is reachable but unresponsive; its reply is not awaited.
        ws.close(closeCodes.silentTooLong, 'no reply to pings');
        ws.terminate();
      } else {
        this.#unanswered.set(ws, unanswered + 1);
        if (ws.readyState === ws.OPEN) ws.ping();
      }
    }
  }
}
