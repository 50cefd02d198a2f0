import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Run in a separate process by `fan-out.ts`: many listeners that only count their messages, at minimal cost. */

export interface JoinOrder {
  readonly port: number;
  readonly joinCode: string;
  readonly languages: readonly string[];
  readonly count: number;
}

export type ListenersReport =
  | { readonly type: 'joined' }
  /** Every listener has received this revision; `spreadsMs` is the time from first to last listener of each language. */
  | { readonly type: 'received'; readonly revision: number; readonly spreadsMs: readonly number[] };

interface Arrivals {
  count: number;
  firstMs: number;
  lastMs: number;
}

const headerEnd = Buffer.from('\r\n\r\n');
/** Identifies partials by one byte: no other message here starts like `{"type":"translation.partial"`. */
const translationLetter = 't'.charCodeAt(0);
const letterAt = 9;
const pingByte = 0x89;
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

class Listener {
  readonly joined: Promise<void>;
  readonly #onJoined: () => void;
  readonly #onTranslation: (nth: number) => void;
  readonly #socket: Socket;
  #rest: Buffer | undefined;
  #isUpgraded = false;
  #translations = 0;

  constructor({ port, joinCode }: JoinOrder, language: string, onTranslation: (nth: number) => void) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.joined = promise;
    this.#onJoined = () => resolve(undefined);
    this.#onTranslation = onTranslation;
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.write(
      `GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: parley.v1\r\n\r\n`,
    );
    this.#socket.write(maskedFrame(JSON.stringify({ type: 'session.join', joinCode, targetLanguages: [language] })));
  }

  #read(chunk: Buffer): void {
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (!this.#isUpgraded) {
      const end = data.indexOf(headerEnd);
      if (end === -1) {
        this.#rest = data;
        return;
      }
      this.#isUpgraded = true;
      data = data.subarray(end + headerEnd.length);
    }
    let at = 0;
    while (at + 2 <= data.length) {
      const short = (data[at + 1] ?? 0) & 127;
      if (short === 126 && at + 4 > data.length) break;
      const [header, length] = short === 126 ? [4, data.readUInt16BE(at + 2)] : [2, short];
      if (at + header + length > data.length) break;
      if (data[at] === pingByte) this.#socket.write(pong);
      else this.#frame(data, at + header);
      at += header + length;
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at));
  }

  #frame(data: Buffer, at: number): void {
    if (data[at + letterAt] === translationLetter) this.#onTranslation(this.#translations++);
    else this.#onJoined();
  }
}

/** Returns a client's text frame of less than 126 bytes, with a mask of zeros. */
function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

async function join(order: JoinOrder): Promise<void> {
  const { languages, count } = order;
  const perLanguage = count / languages.length;
  const revisions: Arrivals[][] = [];
  const arrived = (language: number, revision: number): void => {
    const nowMs = performance.now();
    const arrivals = (revisions[revision] ??= languages.map(() => ({ count: 0, firstMs: nowMs, lastMs: nowMs })));
    const own = arrivals[language];
    if (own === undefined) return;
    if (own.count === 0) own.firstMs = nowMs;
    own.count++;
    own.lastMs = nowMs;
    if (own.count < perLanguage || arrivals.some((other) => other.count < perLanguage)) return;
    tell({ type: 'received', revision, spreadsMs: arrivals.map(({ firstMs, lastMs }) => lastMs - firstMs) });
  };
  const batch = 100;
  for (let first = 0; first < count; first += batch) {
    const listeners = Array.from({ length: Math.min(batch, count - first) }, (_, index) => {
      const language = (first + index) % languages.length;
      return new Listener(order, languages[language] ?? '', (nth) => arrived(language, nth));
    });
    await Promise.all(listeners.map(({ joined }) => joined));
  }
  tell({ type: 'joined' });
}

function tell(report: ListenersReport): void {
  process.send?.(report);
}

const [order] = (await once(process, 'message')) as [JoinOrder];
process.once('disconnect', () => process.exit());
await join(order);
