import { ConnectionRefusedError } from './errors.ts';

/** The maximum length of a refusal's body that is read, in characters. */
export const maxRefusalChars = 500;

/** The error for an HTTP response to a WebSocket handshake, with the reason that its body gives. */
export function refusalError(status: number | undefined, statusText: string, body: string): ConnectionRefusedError {
  const reason = reasonIn(body.trim().slice(0, maxRefusalChars)) || statusText;
  return new ConnectionRefusedError(`the server refused the connection with HTTP ${status ?? '?'}: ${reason}`, status);
}

/** The edge sends `{ message }`; a proxy in front of it sends anything. */
function reasonIn(body: string): string {
  try {
    const { message } = (JSON.parse(body) ?? {}) as { message?: unknown };
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}

/** The beginning of a response's body, long enough for every refusal of the edge. */
export async function readStart(response: Response): Promise<string> {
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
