import { closeCodes, type ClientMessageInput, type ErrorMessage } from '@parley/protocol';
import { unreadableCloseCode } from '../connection.ts';
import { ConnectionRefusedError, isTemporaryStatus, UnreadableFrameError } from '../errors.ts';
import { readStart, refusalError } from '../refusal.ts';
import type { ClientSocket, OpenSocket, SocketEvents } from '../socket.ts';
import { EventStreamParser } from './event-stream-parser.ts';
import { eventStreamUrl, type EventStreamRequest } from './event-stream-url.ts';

/** The code of a connection that was cut (RFC 6455, section 7.4.1). */
const cutCloseCode = 1006;
/** How long after a sign of life a ping is answered: what is on its way comes before the answer. */
const pongDelayMs = 200;
const listenOnly = { code: 'listen-only', message: 'without a WebSocket one can only listen' } as const;

/**
 * "Opens" a connection of a listener whose network blocks WebSockets: messages come as server-sent events, from the
 * first `session.join` on.
 */
export const openEventStreamSocket: OpenSocket = ({ url, events }) =>
  Promise.resolve(new EventStreamSocket(url, events));

class EventStreamSocket implements ClientSocket {
  readonly #url: string;
  readonly #events: SocketEvents;
  #stream: AbortController | undefined;
  #isClosed = false;
  #isPinged = false;
  #pong: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, events: SocketEvents) {
    this.#url = url;
    this.#events = events;
  }

  send(frame: string): void {
    const message = JSON.parse(frame) as ClientMessageInput;
    if (message.type === 'session.join') this.#join(message);
    // The server sends a sign of life every 15 seconds. It stands for the answer.
    else if (message.type === 'ping') this.#isPinged = true;
    else queueMicrotask(() => this.#refuse(listenOnly, false, message.id));
  }

  close(closeCode: number, reason: string): void {
    this.#stream?.abort();
    queueMicrotask(() => this.#closed(closeCode, reason));
  }

  terminate(): void {
    this.close(cutCloseCode, '');
  }

  /** Each join, as one that changes the languages or reads the log again, is a new stream. */
  #join(join: EventStreamRequest & { readonly id?: string | undefined }): void {
    this.#stream?.abort();
    const stream = new AbortController();
    this.#stream = stream;
    const isCurrent = (): boolean => !stream.signal.aborted;
    this.#read(join, stream.signal).then(
      (closeCode) => isCurrent() && this.#closed(closeCode, ''),
      (error: unknown) => isCurrent() && this.#fail(error),
    );
  }

  /**
   * @returns the close code for the end of the stream
   * @throws ConnectionRefusedError if something other than the server refuses the stream, UnreadableFrameError
   */
  async #read(join: EventStreamRequest & { readonly id?: string | undefined }, signal: AbortSignal): Promise<number> {
    const response = await fetch(eventStreamUrl(this.#url, join), {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      credentials: 'omit',
      signal,
    });
    // The session has ended, and the client has received everything.
    if (response.status === 204) return closeCodes.ended;
    if (response.status !== 200) {
      const body = await readStart(response);
      const refusal = errorIn(body);
      if (refusal === undefined) throw refusalError(response.status, response.statusText, body);
      this.#refuse(refusal, isTemporaryStatus(response.status), join.id);
      return cutCloseCode;
    }
    const parser = new EventStreamParser();
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done = true, value = '' } = (await reader?.read()) ?? {};
      if (done || signal.aborted) return cutCloseCode;
      for (const frame of parser.push(value)) this.#events.onFrame(frame);
      this.#answerPing();
    }
  }

  #answerPing(): void {
    if (!this.#isPinged) return;
    this.#isPinged = false;
    clearTimeout(this.#pong);
    this.#pong = setTimeout(() => this.#receive({ type: 'pong' }), pongDelayMs);
  }

  #refuse(error: Pick<ErrorMessage, 'code' | 'message'>, retryable: boolean, causedBy: string | undefined): void {
    this.#receive({ type: 'error', ...error, retryable, causedBy });
  }

  #receive(message: object): void {
    if (!this.#isClosed) this.#events.onFrame(JSON.stringify(message));
  }

  #fail(error: unknown): void {
    if (error instanceof UnreadableFrameError) this.#closed(unreadableCloseCode, 'unreadable frame', error);
    else if (error instanceof ConnectionRefusedError) this.#closed(cutCloseCode, error.message, error);
    else this.#closed(cutCloseCode, String(error));
  }

  #closed(closeCode: number, reason: string, cause?: UnreadableFrameError | ConnectionRefusedError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#stream?.abort();
    clearTimeout(this.#pong);
    this.#events.onClose(closeCode, reason, cause);
  }
}

/** The error in the body of a refusal, unless the refusal is that of a proxy. */
function errorIn(body: string): Pick<ErrorMessage, 'code' | 'message'> | undefined {
  try {
    const { error } = JSON.parse(body) as { error?: Partial<ErrorMessage> };
    const { code, message, param } = error ?? {};
    if (typeof code !== 'string' || typeof message !== 'string') return undefined;
    return { code, message, ...(typeof param === 'string' ? { param } : {}) };
  } catch {
    return undefined;
  }
}
