import { streamPath, subprotocolHeader } from '@parley/protocol';
import { ConnectionRefusedError, WebSocketBlockedError } from './errors.ts';
import { readStart, refusalError } from './refusal.ts';
import type { SocketRequest } from './socket.ts';
import { requestedProtocols } from './web-socket.ts';

const answerTimeoutMs = 3000;
/** HTTP "Upgrade Required": the server would accept the WebSocket. */
const wouldAcceptStatus = 426;

/**
 * Finds out why a WebSocket could not be opened, which a browser does not tell: asks the same URL over HTTP with the
 * same credentials.
 *
 * @param failure what the WebSocket reported
 * @returns the server's refusal with its HTTP status, a WebSocketBlockedError if the server would accept the WebSocket or,
 *   if it does not answer, `failure` with what may be the reason
 */
export async function findRefusal(request: SocketRequest, failure: Error): Promise<ConnectionRefusedError> {
  const { url, apiKey, joinCode, signal } = request;
  try {
    const response = await fetch(url.replace(/^ws/, 'http'), {
      headers: { [subprotocolHeader]: requestedProtocols(apiKey, joinCode).join(', ') },
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    const body = await readStart(response);
    if (response.status !== wouldAcceptStatus) return refusalError(response.status, response.statusText, body);
    const hint = 'the server can be reached, but something in between may block WebSockets';
    return new WebSocketBlockedError(`${failure.message}; ${hint}`, undefined, { cause: failure });
  } catch {
    signal.throwIfAborted();
    const hint = `the server may be down or unreachable, or its address wrong (its path is ${streamPath})`;
    return new ConnectionRefusedError(`${failure.message}; ${hint}`, undefined, { cause: failure });
  }
}
