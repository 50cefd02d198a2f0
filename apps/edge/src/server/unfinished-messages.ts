import type { Duplex } from 'node:stream';
import { closeCodes, type CloseCode } from '@parley/protocol';
import type { WebSocket } from 'ws';
import type { BufferAccount, BufferBudget } from '../limits/buffer-budget.ts';
import type { CountRefusal } from './count-once.ts';
import { FrameMeter } from './frame-meter.ts';

/** What may arrive in addition to a message: headers of its fragments, and control frames between them. */
const maxOverheadBytes = 4096;

export interface UnfinishedMessagesOptions {
  readonly buffers: BufferBudget;
  /** How long a message may take from its first byte to its last. */
  readonly messageTimeoutMs: number;
}

interface Watched {
  readonly ws: WebSocket;
  readonly count: CountRefusal;
  readonly account: BufferAccount;
  readonly meter: FrameMeter;
  readonly maxBytes: number;
  sinceMs: number;
}

/**
 * Bounds what ws buffers of messages that are not complete: in bytes for each socket, in bytes for all sockets together, and
 * in time. ws itself bounds only the announced length and the number of pieces.
 */
export class UnfinishedMessages implements Disposable {
  readonly #options: UnfinishedMessagesOptions;
  readonly #unfinished = new Set<Watched>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: UnfinishedMessagesOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#cutOverdue(), options.messageTimeoutMs / 10);
  }

  /**
   * Watches a socket until it closes.
   *
   * @param stream the connection of the WebSocket
   * @param options.maxMessageBytes the largest message that ws accepts on this socket
   */
  watch(
    ws: WebSocket,
    stream: Duplex,
    { maxMessageBytes, count }: { readonly maxMessageBytes: number; readonly count: CountRefusal },
  ): void {
    const tooMuch = (): void => {
      count('too-much-buffered');
      cut(ws, closeCodes.tooMuch, 'too much is buffered of unfinished messages');
    };
    const watched: Watched = {
      ws,
      count,
      account: this.#options.buffers.open(tooMuch),
      meter: new FrameMeter(),
      maxBytes: maxMessageBytes + maxOverheadBytes,
      sinceMs: 0,
    };
    stream.on('data', (chunk: Buffer) => this.#receive(watched, chunk));
    ws.on('close', () => this.#settle(watched));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #receive(watched: Watched, chunk: Buffer): void {
    const { ws, meter, account, maxBytes } = watched;
    // ws drops what arrives after its own closing.
    if (ws.readyState !== ws.OPEN) return;
    const hasEnded = meter.push(chunk);
    const { unfinishedBytes } = meter;
    if (unfinishedBytes === 0) {
      this.#settle(watched);
      return;
    }
    if (hasEnded || !this.#unfinished.has(watched)) watched.sinceMs = performance.now();
    this.#unfinished.add(watched);
    if (unfinishedBytes > maxBytes) {
      watched.count('frame-too-large');
      cut(ws, closeCodes.tooMuch, 'the frame is too large');
    } else account.set(unfinishedBytes);
  }

  #settle(watched: Watched): void {
    this.#unfinished.delete(watched);
    watched.account.set(0);
  }

  #cutOverdue(): void {
    const sinceMs = performance.now() - this.#options.messageTimeoutMs;
    for (const watched of this.#unfinished) {
      if (watched.sinceMs >= sinceMs) continue;
      watched.count('message-timeout');
      cut(watched.ws, closeCodes.silentTooLong, 'a message took too long to arrive');
    }
  }
}

/** Closes without waiting for the peer, whose bytes would be buffered until it replies. */
function cut(ws: WebSocket, code: CloseCode, reason: string): void {
  ws.close(code, reason);
  ws.terminate();
}
