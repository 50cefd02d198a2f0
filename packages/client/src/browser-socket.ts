import { ConnectionRefusedError } from './errors.ts';
import { findRefusal } from './find-refusal.ts';
import type { OpenSocket } from './socket.ts';
import { webSocketOpener } from './web-socket.ts';

/** The opener of browsers and of all other platforms with a standard `WebSocket`. */
export const openPlatformSocket: OpenSocket = async (request) => {
  try {
    return await webSocketOpener(WebSocket)(request);
  } catch (error) {
    throw error instanceof ConnectionRefusedError ? await findRefusal(request, error) : error;
  }
};
