import type { Duplex } from 'node:stream';
import { errorFields, type Logger } from '@parley/telemetry';
import { WebSocket } from 'ws';
import type { ClientIdentity, Socket, SocketHandler, SocketOpened } from '../core/socket.ts';
import { idOfLargeFrame } from '../limits/unhandled-id.ts';

/** RFC 6455, section 7.4.1: the server met a condition that it didn't expect. */
const internalErrorCode = 1011;

export interface AttachSocketOptions {
  readonly maxFrameBytes: number;
  readonly opened: SocketOpened;
  readonly logger: Logger;
}

/**
 * Joins a WebSocket to the core. A frame that the core must not see is told to it as rejected, and the session goes on.
 * Whatever the core or the connection throws ends this socket alone and is logged once, without content. After the core
 * has closed the socket it hears nothing more but `closed`, exactly once.
 *
 * @param stream the connection that the WebSocket speaks over
 */
export function attachSocket(
  ws: WebSocket,
  stream: Duplex,
  client: ClientIdentity,
  options: AttachSocketOptions,
): void {
  const { maxFrameBytes, opened, logger } = options;
  let failed = false;
  const fail = (error: unknown): void => {
    if (!failed) logger.warn({ tenant: client.tenant, ...errorFields(error) }, 'a socket failed');
    failed = true;
    ws.close(internalErrorCode, 'internal error');
  };
  const guarded = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      fail(error);
    }
  };

  ws.on('error', fail);
  guarded(() => {
    const handler = opened(socketOf(ws, stream), client);
    ws.on('message', (data, isBinary) => {
      if (ws.readyState !== WebSocket.OPEN) return;
      // The default `binaryType` hands every message over as one Buffer.
      guarded(() => handFrame(handler, data as Buffer, isBinary, maxFrameBytes));
    });
    stream.on('drain', () => guarded(() => handler.drained()));
    ws.on('close', () => guarded(() => handler.closed()));
  });
}

function handFrame(handler: SocketHandler, frame: Buffer, isBinary: boolean, maxFrameBytes: number): void {
  if (isBinary) {
    handler.frameRejected('not-text', 'the frame is binary; send text frames');
  } else if (frame.byteLength > maxFrameBytes) {
    const message = `the frame has ${frame.byteLength} bytes; at most ${maxFrameBytes} are allowed`;
    handler.frameRejected('frame-too-large', message, idOfLargeFrame(frame));
  } else {
    handler.message(frame.toString('utf8'), Date.now());
  }
}

/**
 * Frames come whole and go straight to the stream: without compression ws has no queue of its own, and would copy the text
 * and make a header for each socket.
 */
function socketOf(ws: WebSocket, stream: Duplex): Socket {
  return {
    send(frame) {
      if (ws.readyState === WebSocket.OPEN) stream.write(frame);
    },
    get bufferedBytes() {
      return stream.writableLength;
    },
    get needsDrain() {
      return stream.writableNeedDrain;
    },
    close(code, reason) {
      ws.close(code, reason);
    },
  };
}
