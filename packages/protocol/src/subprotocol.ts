/** The WebSocket subprotocol that both sides must speak. */
export const subprotocol = 'parley.v1';

/** Where the WebSocket endpoint lives below the edge's origin. */
export const streamPath = '/v1/stream';

/** A browser can't set headers on a WebSocket: it sends its API key as a second subprotocol with this prefix. */
export const bearerSubprotocolPrefix = 'bearer.';

/** A listener's right to listen: a second subprotocol of this prefix and the join code. */
export const joinSubprotocolPrefix = 'join.';
