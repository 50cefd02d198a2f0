// @ts-check
// One session over one WebSocket.

import { closeWords, wordsForError } from './words.js';

/** @typedef {{ type: string, [field: string]: unknown }} Message */
/** @typedef {{ name: 'connecting' } | { name: 'open', sessionId: string } | { name: 'ending' } | { name: 'closed', reason: string, asked: boolean }} State */

const subprotocol = 'parley.v1';
const openTimeoutMs = 10_000;
const endTimeoutMs = 10_000;
/** Silence is broken this often, and a server that is silent for three of them is lost. */
const pingIntervalMs = 20_000;
/** RFC 6455, section 7.4.1; a browser may not send the others. */
const normalClosure = 1000;

/**
 * Opens a socket and starts a session on it.
 *
 * @param {object} options
 * @param {string} options.url such as `ws://localhost:8787/v1/stream`
 * @param {string} options.key an API key, or empty
 * @param {Message} options.start the `session.start` message
 * @param {(message: Message) => void} options.onMessage every message of the server
 * @param {(state: State) => void} options.onState `closed` is the last one, and comes exactly once
 * @returns {{ isOpen(): boolean, send(message: Message): void, end(): void }} `send` does nothing while no session is open; `end` lets the server finish what it has accepted
 */
export function openSession({ url, key, start, onMessage, onState }) {
  /** @type {State['name']} */
  let state = 'connecting';
  let asked = false;
  /** @type {string | undefined} */
  let reason;
  let silentIntervals = 0;
  const socket = connect(url, key);

  const openTimer = setTimeout(() => giveUp('The server did not answer in time.'), openTimeoutMs);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let endTimer;
  const pinging = setInterval(() => {
    if (state !== 'open') return;
    if (++silentIntervals > 3) giveUp('The server has fallen silent.');
    else socket.send(JSON.stringify({ type: 'ping' }));
  }, pingIntervalMs);

  /** @param {State} next */
  const enter = (next) => {
    if (state === 'closed') return;
    state = next.name;
    onState(next);
  };

  /** @param {string} [because] the reason to tell, instead of what follows from the close code */
  const giveUp = (because) => {
    reason ??= because;
    socket.close(normalClosure);
    // A peer that is gone would not answer the close.
    closed(reason ?? 'The connection was closed.');
  };

  /** @param {string} text */
  const closed = (text) => {
    clearTimeout(openTimer);
    clearTimeout(endTimer);
    clearInterval(pinging);
    enter({ name: 'closed', reason: text, asked });
  };

  socket.onopen = () => socket.send(JSON.stringify(start));
  socket.onclose = ({ code }) => closed(reason ?? closeReason(code, state !== 'connecting'));
  socket.onmessage = ({ data }) => {
    if (state === 'closed') return;
    silentIntervals = 0;
    /** @type {Message} */
    const message = JSON.parse(String(data));
    if (message.type === 'session.started') {
      clearTimeout(openTimer);
      enter({ name: 'open', sessionId: String(message['sessionId']) });
    }
    onMessage(message);
    if (message.type === 'session.ended') giveUp('The session has ended.');
    if (message.type === 'error' && state === 'connecting')
      giveUp(`The session was not started. ${wordsForError(message)}`);
  };
  onState({ name: 'connecting' });

  return {
    isOpen: () => state === 'open',
    send(message) {
      if (state === 'open') socket.send(JSON.stringify(message));
    },
    end() {
      asked = true;
      if (state === 'connecting') giveUp('Stopped.');
      if (state !== 'open') return;
      socket.send(JSON.stringify({ type: 'session.end' }));
      enter({ name: 'ending' });
      endTimer = setTimeout(() => giveUp('The server did not finish in time.'), endTimeoutMs);
    },
  };
}

/**
 * A browser can't set a header on a WebSocket, so the key goes along as a second subprotocol.
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
