import { streamPath, subprotocolHeader } from '@parley/protocol';
import { ConnectionRefusedError } from './errors.ts';
import { maxRefusalChars, refusalError } from './refusal.ts';
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
 * @returns the server's refusal with its HTTP status or, if there is none, `failure` with what may be the reason
 */
export async function findRefusal(request: SocketRequest, failure: Error): Promise<ConnectionRefusedError> {
  const { url, apiKey, joinCode, signal } = request;
  const unexplained = (hint: string): ConnectionRefusedError =>
    new ConnectionRefusedError(`${failure.message}; ${hint}`, undefined, { cause: failure });
  try {
    const response = await fetch(url.replace(/^ws/, 'http'), {
      headers: { [subprotocolHeader]: requestedProtocols(apiKey, joinCode).join(', ') },
      cache: 'no-store',
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerTimeoutMs)]),
    });
    const body = await readStart(response);
    if (response.status !== wouldAcceptStatus) return refusalError(response.status, response.statusText, body);
    return unexplained('the server can be reached, but something in between may block WebSockets');
  } catch {
    signal.throwIfAborted();
    return unexplained(`the server may be down or unreachable, or its address wrong (its path is ${streamPath})`);
  }
}

async function readStart(response: Response): Promise<string> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let body = '';
  while (reader !== undefined && body.length < maxRefusalChars) {
    const { done, value } = await reader.read();
    if (done) break;
    body += value;
  }
  await reader?.cancel();
  return body;
}
