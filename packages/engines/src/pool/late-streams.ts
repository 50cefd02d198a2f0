import { subscribe } from 'node:diagnostics_channel';
import type { ClientHttp2Stream } from 'node:http2';

let absorbing = false;

/**
 * Sees to it that the answer to an aborted request ends nothing but itself. Where its headers come after the abort,
 * Node.js takes them for those of a new stream, as if the server had pushed it. Nobody reads that stream, so it would
 * stay for as long as its connection; and nobody listens to its errors, so the process would end with the connection
 * if that ended in one (such as a GOAWAY with a code).
 *
 * A stream of this process's own has headers that were sent. undici lets no server push, so any other is a late one.
 */
export function absorbLateStreams(): void {
  if (absorbing) return;
  absorbing = true;
  subscribe('http2.client.stream.created', (message) => {
    const { stream } = message as { readonly stream: ClientHttp2Stream };
    // The type says that they are always there.
    if ((stream.sentHeaders as unknown) !== undefined) return;
    stream.on('error', () => undefined);
    process.nextTick(() => stream.destroy());
  });
}
