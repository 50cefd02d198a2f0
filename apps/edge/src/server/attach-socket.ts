import type { Duplex } from 'node:stream';
import { closeCodes } from '@parley/protocol';
import { errorFields, type Logger } from '@parley/telemetry';
import { WebSocket } from 'ws';
import type { ClientIdentity, Socket, SocketHandler, SocketOpened } from '../core/socket.ts';
import { idOfLargeFrame } from '../limits/message-id.ts';
import { connectionFailure } from './connection-failure.ts';
import type { CountRefusal } from './count-once.ts';
import type { ReadingPace } from './reading-pace.ts';

/**
 * Close codes of a client that leaves: normal closure, or none given. A page that is reloaded closes with 1001 (going away), so
 * that is no leave.
 */
const leavingCodes = [1000, 1005];
/** RFC 6455, section 7.1.5: the connection ended without a close frame. */
const brokenCode = 1006;

/** A client's WebSocket, and what it consists of. */
export interface AcceptedSocket {
  readonly ws: WebSocket;
  /** The underlying connection. */
  readonly stream: Duplex;
  readonly pace: ReadingPace;
}

export interface AttachSocketOptions {
  /** The largest frame that is passed to the core. */
  readonly maxFrameBytes: number;
  readonly opened: SocketOpened;
  readonly count: CountRefusal;
  readonly logger: Logger;
}

/**
 * Connects a WebSocket to the core. Frames that the core must not parse are reported as rejected; the session
 * continues. An error thrown by the core closes only this socket and is logged once, without content; one that the client
 * or its network caused is counted as a refusal. After the core has closed the socket, the handler receives only `closed`, exactly once.
 */
export function attachSocket(accepted: AcceptedSocket, client: ClientIdentity, options: AttachSocketOptions): void {
  const { ws, stream } = accepted;
  const { maxFrameBytes, opened, count, logger } = options;
  let failed = false;
  const fail = (error: unknown): void => {
    if (!failed) logger.warn({ tenant: client.tenant, ...errorFields(error) }, 'socket failed; closing it');
    failed = true;
    ws.close(closeCodes.internalError, 'internal error');
  };
  const guard = (step: () => void): void => {
    try {
      step();
    } catch (error) {
      fail(error);
    }
  };

  ws.on('error', (error) => {
    const reason = connectionFailure(error);
    // ws has closed the socket by itself.
    if (reason === undefined) fail(error);
    else count(reason);
  });
  guard(() => {
    const handler = opened(socketOf(accepted), client);
    ws.on('message', (data, isBinary) => {
      if (ws.readyState !== WebSocket.OPEN) return;
      // With the default `binaryType`, each message is a single Buffer.
      guard(() => passFrame(handler, data as Buffer, isBinary, maxFrameBytes));
    });
    stream.on('drain', () => guard(() => handler.drained()));
    ws.on('close', (code) => {
      if (code === brokenCode) count('connection-lost');
      guard(() => handler.closed(leavingCodes.includes(code)));
    });
  });
}

function passFrame(handler: SocketHandler, frame: Buffer, isBinary: boolean, maxFrameBytes: number): void {
  if (isBinary) {
    const message = 'the frame is binary; send text frames';
    handler.frameRejected({ code: 'not-text', message, bytes: frame.byteLength });
  } else if (frame.byteLength > maxFrameBytes) {
    const message = `the frame has ${frame.byteLength} bytes; at most ${maxFrameBytes} are allowed`;
    const causedBy = idOfLargeFrame(frame);
    handler.frameRejected({ code: 'frame-too-large', message, bytes: frame.byteLength, causedBy });
  } else {
    handler.message(frame.toString('utf8'), Date.now());
  }
}

/**
 * Writes complete frames directly to the stream: without compression ws has no queue of its own, and would copy the
 * text and build a header for each socket.
 */
function socketOf({ ws, stream, pace }: AcceptedSocket): Socket {
  return {
    send({ frame }) {
      if (ws.readyState === WebSocket.OPEN) stream.write(frame);
    },
    sizeOf({ frame }) {
      return frame.byteLength;
    },
    get bufferedBytes() {
      return stream.writableLength;
    },
    get needsDrain() {
      return stream.writableNeedDrain;
    },
    pauseReading(pauseMs) {
      pace.pause(pauseMs);
    },
    close(code, reason) {
      ws.close(code, reason);
    },
  };
}
