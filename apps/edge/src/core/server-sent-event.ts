import type { ServerMessage } from '@parley/protocol';

/**
 * Builds a server-sent event (WHATWG HTML, section 9.2). JSON has no line breaks of its own, so the data is one line.
 *
 * @param id what a client that reconnects sends back as `Last-Event-ID`
 */
export function serverSentEvent(message: ServerMessage, id: number | undefined): Buffer {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`event: ${message.type}\n${idLine}data: ${JSON.stringify(message)}\n\n`);
}
