// @ts-check
// A session over a WebSocket.

import { closeWords, wordsForError } from './words.js';

/** @typedef {{ type: string, [field: string]: unknown }} Message */
/** @typedef {{ name: 'connecting' } | { name: 'open', sessionId: string } | { name: 'ending' } | { name: 'closed', reason: string, isRequested: boolean }} State */

const subprotocol = 'parley.v1';
const openTimeoutMs = 10_000;
const endTimeoutMs = 10_000;
/** Ping interval in milliseconds; a server that is silent for three intervals is considered lost. */
const pingIntervalMs = 20_000;
/** RFC 6455, section 7.4.1; a browser can't send the other standard codes. */
const normalClosure = 1000;

/**
 * Opens a socket and starts a session on it.
 *
 * @param {object} options
 * @param {string} options.url such as `ws://localhost:8787/v1/stream`
 * @param {string} options.key an API key, or empty
 * @param {Message} options.start the `session.start` message
 * @param {(message: Message) => void} options.onMessage called for every server message
 * @param {(state: State) => void} options.onState `closed` is the last state and is reported once
 * @returns {{ isOpen(): boolean, send(message: Message): void, end(): void }} `send` does nothing unless the session is open; `end` lets the server finish accepted finals
 */
export function openSession({ url, key, start, onMessage, onState }) {
  /** @type {State['name']} */
  let state = 'connecting';
  let isRequested = false;
  /** @type {string | undefined} */
  let reason;
  let silentIntervals = 0;
  const socket = connect(url, key);

  const openTimer = setTimeout(() => finish('The server did not answer in time.'), openTimeoutMs);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let endTimer;
  const pinging = setInterval(() => {
    if (state !== 'open') return;
    if (++silentIntervals > 3) finish('The server is not responding.');
    else socket.send(JSON.stringify({ type: 'ping' }));
  }, pingIntervalMs);

  /** @param {State} next */
  const setState = (next) => {
    if (state === 'closed') return;
    state = next.name;
    onState(next);
  };

  /** @param {string} [because] the reason to report instead of that of the close code */
  const finish = (because) => {
    reason ??= because;
    socket.close(normalClosure);
    // An unreachable peer would not answer the close frame.
    close(reason ?? 'The connection was closed.');
  };

  /** @param {string} text */
  const close = (text) => {
    clearTimeout(openTimer);
    clearTimeout(endTimer);
    clearInterval(pinging);
    setState({ name: 'closed', reason: text, isRequested });
  };

  socket.onopen = () => socket.send(JSON.stringify(start));
  socket.onclose = ({ code }) => close(reason ?? closeReason(code, state !== 'connecting'));
  socket.onmessage = ({ data }) => {
    if (state === 'closed') return;
    silentIntervals = 0;
    /** @type {Message} */
    const message = JSON.parse(String(data));
    if (message.type === 'session.started') {
      clearTimeout(openTimer);
      setState({ name: 'open', sessionId: String(message['sessionId']) });
    }
    onMessage(message);
    if (message.type === 'session.ended') finish('The session has ended.');
    if (message.type === 'error' && state === 'connecting')
      finish(`The session was not started. ${wordsForError(message)}`);
  };
  onState({ name: 'connecting' });

  return {
    isOpen: () => state === 'open',
    send(message) {
      if (state === 'open') socket.send(JSON.stringify(message));
    },
    end() {
      isRequested = true;
      if (state === 'connecting') finish('Stopped.');
      if (state !== 'open') return;
      socket.send(JSON.stringify({ type: 'session.end' }));
      setState({ name: 'ending' });
      endTimer = setTimeout(() => finish('The server did not finish in time.'), endTimeoutMs);
    },
  };
}

/**
 * Sends the key as a second subprotocol, because a browser can't set headers on a WebSocket.
 *
 * @param {string} url
 * @param {string} key
 */
function connect(url, key) {
  try {
    return new WebSocket(url, key === '' ? [subprotocol] : [subprotocol, `bearer.${key}`]);
  } catch (error) {
    if (key === '') throw error;
    throw new Error("A browser cannot send this API key: only letters, digits and !#$%&'*+-.^_`|~ are possible.", {
      cause: error,
    });
  }
}

/**
 * @param {number} code
 * @param {boolean} wasOpen
 */
function closeReason(code, wasOpen) {
  const lost = wasOpen ? 'The connection was lost.' : 'Could not connect. Is the server up, and the API key right?';
  return closeWords[code] ?? lost;
}
