import type { IncomingMessage } from 'node:http';
import { joinSubprotocolPrefix, subprotocol } from '@parley/protocol';
import { WebSocket, type RawData } from 'ws';
import { ConnectionRefusedError } from './errors.ts';
import { maxRefusalChars, refusalError } from './refusal.ts';
import type { OpenSocket } from './socket.ts';

const refusalTimeoutMs = 1000;

/** Opens a WebSocket with the `ws` package; the API key is sent as a bearer token in the `Authorization` header. */
export const openPlatformSocket: OpenSocket = ({ url, apiKey, joinCode, events, signal }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const protocols = [subprotocol, ...(joinCode === undefined ? [] : [`${joinSubprotocolPrefix}${joinCode}`])];
    const socket = new WebSocket(url, protocols, {
      ...(apiKey === undefined ? {} : { headers: { authorization: `Bearer ${apiKey}` } }),
      perMessageDeflate: false,
    });
    let open = false;
    const abandon = (error: Error): void => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
      socket.terminate();
    };
    const onAbort = (): void => {
      abandon(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('open', () => {
      open = true;
      signal.removeEventListener('abort', onAbort);
      resolve({
        send: (frame) => socket.send(frame),
        close: (code, reason) => socket.close(code, reason),
        terminate: () => socket.terminate(),
      });
    });
    socket.on('message', (data: RawData, isBinary: boolean) => {
      events.onFrame(isBinary ? '' : asText(data));
    });
    socket.on('close', (closeCode: number, reason: Buffer) => {
      if (open) events.onClose(closeCode, reason.toString());
    });
    socket.on('unexpected-response', (_request, response) => {
      readRefusal(response).then(abandon, abandon);
    });
    socket.on('error', (cause) => {
      // On an open socket, `close` follows every error.
      if (!open) abandon(new ConnectionRefusedError(`can't connect to ${url}: ${cause.message}`, undefined, { cause }));
    });
  });

/** Reads the body of a refusal, up to 500 characters and one second. */
async function readRefusal(response: IncomingMessage): Promise<ConnectionRefusedError> {
  let body = '';
  try {
    response.setTimeout(refusalTimeoutMs, () => response.destroy());
    for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
      body += chunk;
      if (body.length > maxRefusalChars) break;
    }
  } catch {
    // The body is optional; the status is enough.
  }
  return refusalError(response.statusCode, response.statusMessage ?? '', body);
}

function asText(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
