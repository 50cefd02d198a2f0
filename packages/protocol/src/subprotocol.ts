/** The WebSocket subprotocol that both sides must speak. */
export const subprotocol = 'parley.v1';

/** Path of the WebSocket endpoint. */
export const streamPath = '/v1/stream';

/** Prefix of a second subprotocol that carries the API key: a browser can't set headers on a WebSocket. */
export const bearerSubprotocolPrefix = 'bearer.';

/** Prefix of a second subprotocol that carries a listener's join code. */
export const joinSubprotocolPrefix = 'join.';
