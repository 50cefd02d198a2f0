import { ConnectionRefusedError, WebSocketBlockedError } from './errors.ts';
import { openEventStreamSocket } from './event-stream/event-stream-socket.ts';
import { findRefusal } from './find-refusal.ts';
import type { OpenSocket } from './socket.ts';
import { webSocketOpener } from './web-socket.ts';

/**
 * The opener of browsers and of all other platforms with a standard `WebSocket`. Where WebSockets are blocked, a
 * listener gets server-sent events instead.
 */
export const openPlatformSocket: OpenSocket = async (request) => {
  try {
    return await webSocketOpener(WebSocket)(request);
  } catch (error) {
    if (!(error instanceof ConnectionRefusedError)) throw error;
    const refusal = await findRefusal(request, error);
    if (refusal instanceof WebSocketBlockedError && request.joinCode !== undefined)
      return openEventStreamSocket(request);
    throw refusal;
  }
};
