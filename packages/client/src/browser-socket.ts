import type { OpenSocket } from './socket.ts';
import { webSocketOpener } from './web-socket.ts';

/** The opener of browsers and of all other platforms with a standard `WebSocket`, taken when a connection is opened. */
export const openPlatformSocket: OpenSocket = (request) => webSocketOpener(WebSocket)(request);
