import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { TokenBucket, type TokenRate } from '../limits/token-bucket.ts';

/**
 * Reads from a client no faster than a rate, in bytes. Above it the socket is paused, so that TCP holds the rest back at the
 * client, whose bytes would otherwise take the time of all others before anything can be refused.
 */
export function paceReading(ws: WebSocket, stream: Duplex, rate: TokenRate): void {
  const bucket = new TokenBucket(rate, performance.now());
  let timer: NodeJS.Timeout | undefined;
  stream.on('data', (chunk: Buffer) => {
    const pauseMs = bucket.spend(performance.now(), chunk.byteLength);
    if (pauseMs === 0 || ws.readyState !== ws.OPEN) return;
    ws.pause();
    clearTimeout(timer);
    timer = setTimeout(() => ws.resume(), pauseMs);
  });
  ws.on('close', () => clearTimeout(timer));
}
