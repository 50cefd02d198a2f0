import { closeCodes } from '@parley/protocol';
import { WebSocket } from 'ws';

/** RFC 6455, section 7.4.1: message too big; ws also says 1008 of a message in too many fragments. */
const tooMuchForWs = new Set([1008, 1009]);

/**
 * A server's WebSocket that closes with the protocol's own code where a frame is beyond what the server will hold. ws
 * closes by itself there, with a code and no reason; an echo of the client's close code comes with a reason.
 */
export class StreamWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (reason === undefined && code !== undefined && tooMuchForWs.has(code)) {
      super.close(closeCodes.tooMuch, 'the frame is too large');
    } else {
      super.close(code, reason);
    }
  }
}
