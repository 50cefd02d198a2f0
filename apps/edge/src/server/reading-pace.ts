import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { TokenBucket, type TokenRate } from '../limits/token-bucket.ts';

/** What a ping or pong counts as, in bytes: it takes few, but as much CPU time as a short message. */
const controlFrameBytes = 1024;

/**
 * Reads from a client no faster than a rate, in bytes. Above it the socket is paused, so that TCP holds the rest back at the
 * client, whose bytes would otherwise take the time of all others before anything can be refused.
 */
export function paceReading(ws: WebSocket, stream: Duplex, rate: TokenRate): void {
  const bucket = new TokenBucket(rate, performance.now());
  let timer: NodeJS.Timeout | undefined;
  const spend = (bytes: number): void => {
    const pauseMs = bucket.spend(performance.now(), bytes);
    if (pauseMs === 0 || ws.readyState !== ws.OPEN) return;
    ws.pause();
    clearTimeout(timer);
    timer = setTimeout(() => ws.resume(), pauseMs);
  };
  stream.on('data', (chunk: Buffer) => spend(chunk.byteLength));
  for (const frame of ['ping', 'pong'] as const) ws.on(frame, () => spend(controlFrameBytes));
  ws.on('close', () => clearTimeout(timer));
}
