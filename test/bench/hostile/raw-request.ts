import { connect } from 'node:net';
import { attackerAddress } from './attack.ts';
import type { Tally } from './tally.ts';

interface RawRequest {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** Returns the bytes of an HTTP request after which the server closes the connection. */
export function requestBytes({ method = 'GET', path, headers = [], body }: RawRequest): Buffer {
  const content =
    body === undefined ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, ...content];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

interface ExchangeOptions {
  readonly port: number;
  /** Written one after the other, at this interval in ms; the last one is repeated until the end of the connection. */
  readonly pieces: readonly Buffer[];
  readonly intervalMs?: number;
  /** Whether nothing of the answer is read beyond its beginning. */
  readonly stopsReading?: boolean;
  readonly tally: Tally;
  readonly signal: AbortSignal;
}

/** Opens a connection, writes, and resolves when it is closed. The HTTP status is counted, or that there was none. */
export async function exchange(options: ExchangeOptions): Promise<void> {
  const { port, pieces, intervalMs, stopsReading = false, tally, signal } = options;
  const socket = connect({ port, host: '127.0.0.1', localAddress: attackerAddress, noDelay: true });
  let status: string | undefined;
  let written = 0;
  const write = (): void => {
    const piece = pieces[Math.min(written++, pieces.length - 1)];
    if (piece !== undefined) socket.write(piece);
  };
  const timer = intervalMs === undefined ? undefined : setInterval(write, intervalMs);
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop);
  socket.on('error', () => undefined);
  socket.on('connect', write);
  socket.on('data', (chunk) => {
    if (status !== undefined) return;
    status = chunk.toString('latin1', 9, 12);
    tally.count(`HTTP ${status}`);
    if (stopsReading) socket.pause();
  });
  // The server may have only ended its half.
  socket.on('end', stop);
  try {
    if (!signal.aborted) await new Promise((resolve) => socket.once('close', resolve));
  } finally {
    signal.removeEventListener('abort', stop);
    clearInterval(timer);
    socket.destroy();
  }
  if (status === undefined && !signal.aborted) tally.count('closed without an answer');
}
