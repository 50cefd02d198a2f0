/** The WebSocket subprotocol that both sides must speak. */
export const subprotocol = 'parley.v1';

/** Path of the WebSocket endpoint. */
export const streamPath = '/v1/stream';

/** Prefix of a second subprotocol that carries the API key: a browser can't set headers on a WebSocket. */
export const bearerSubprotocolPrefix = 'bearer.';

/** Prefix of a second subprotocol that carries a listener's join code. */
export const joinSubprotocolPrefix = 'join.';

/**
 * Header of a plain GET of the WebSocket endpoint that asks how an upgrade with these subprotocols would be answered: a
 * browser reveals neither the status nor the reason of a refused upgrade, and a page can't set
 * `Sec-WebSocket-Protocol`.
 */
export const subprotocolHeader = 'x-websocket-protocol';
