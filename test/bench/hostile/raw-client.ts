import { connect, type Socket } from 'node:net';
import { attackerAddress } from './attack.ts';
import type { Tally } from './tally.ts';

const headEnd = Buffer.from('\r\n\r\n');
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const opcodes = { close: 0x8, ping: 0x9 } as const;
const errorPattern = /^\{"type":"error","code":"([a-z-]+)"/;

interface RawClientOptions {
  readonly port: number;
  /** The subprotocol that is the right to connect: `bearer.KEY` or `join.CODE`. */
  readonly access: string;
  readonly tally: Tally;
  /** Drops the connection. */
  readonly signal: AbortSignal;
  readonly onText?: (text: string) => void;
}

/** A WebSocket client that writes prebuilt bytes and looks only at close codes and errors, so that it costs little CPU. */
export class RawClient {
  /** Whether the upgrade was accepted. */
  readonly opened: Promise<boolean>;
  readonly closed: Promise<void>;
  readonly #opening = Promise.withResolvers<boolean>();
  readonly #socket: Socket;
  readonly #tally: Tally;
  readonly #onText: ((text: string) => void) | undefined;
  #rest: Buffer | undefined;
  #writable = Promise.withResolvers<undefined>();
  #state: 'upgrading' | 'open' | 'closed' = 'upgrading';

  constructor({ port, access, tally, signal, onText }: RawClientOptions) {
    this.#tally = tally;
    this.#onText = onText;
    this.opened = this.#opening.promise;
    const closing = Promise.withResolvers<undefined>();
    this.closed = closing.promise;
    this.#socket = connect({ port, host: '127.0.0.1', localAddress: attackerAddress, noDelay: true });
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', () => undefined);
    this.#socket.on('drain', () => {
      this.#writable.resolve(undefined);
      this.#writable = Promise.withResolvers();
    });
    const drop = (): void => this.drop();
    signal.addEventListener('abort', drop);
    this.#socket.on('close', () => {
      signal.removeEventListener('abort', drop);
      if (this.#state !== 'closed') this.#end('connection reset');
      this.#writable.resolve(undefined);
      closing.resolve(undefined);
    });
    if (signal.aborted) drop();
    this.#socket.write(
      'GET /v1/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
        `Sec-WebSocket-Protocol: parley.v1, ${access}\r\n\r\n`,
    );
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Writes bytes; resolves when more can be written, or when there is no connection any more. */
  async write(bytes: Buffer): Promise<void> {
    if (this.#state !== 'closed' && !this.#socket.write(bytes)) await this.#writable.promise;
  }

  /** Reads nothing any more. */
  stopReading(): void {
    this.#socket.pause();
  }

  /** Drops the connection without a closing handshake. */
  drop(): void {
    this.#state = 'closed';
    this.#opening.resolve(false);
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'closed') return;
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    if (this.#state === 'upgrading') {
      const end = data.indexOf(headEnd);
      if (end === -1) {
        this.#rest = data;
        return;
      }
      const status = data.toString('latin1', 9, 12);
      if (status !== '101') {
        this.#end(`HTTP ${status}`);
        return;
      }
      this.#state = 'open';
      this.#opening.resolve(true);
      data = data.subarray(end + headEnd.length);
    }
    this.#readFrames(data);
  }

  #readFrames(data: Buffer): void {
    let at = 0;
    while (at + 2 <= data.length) {
      const short = (data[at + 1] ?? 0) & 0x7f;
      const header = short === 127 ? 10 : short === 126 ? 4 : 2;
      if (at + header > data.length) break;
      const length =
        short === 127 ? Number(data.readBigUInt64BE(at + 2)) : short === 126 ? data.readUInt16BE(at + 2) : short;
      if (at + header + length > data.length) break;
      this.#frame((data[at] ?? 0) & 0xf, data.subarray(at + header, at + header + length));
      at += header + length;
      if (this.isClosed) return;
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at));
  }

  #frame(opcode: number, payload: Buffer): void {
    if (opcode === opcodes.ping) this.#socket.write(pong);
    else if (opcode === opcodes.close)
      this.#end(`close ${payload.length < 2 ? 'without code' : payload.readUInt16BE(0)}`);
    else {
      const [, error] = errorPattern.exec(payload.toString('latin1', 0, 60)) ?? [];
      if (error !== undefined) this.#tally.count(error);
      this.#onText?.(payload.toString());
    }
  }

  #end(result: string): void {
    this.#tally.count(result);
    this.drop();
  }
}
