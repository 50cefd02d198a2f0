import type { ServerResponse } from 'node:http';
import type { ErrorMessage } from '@parley/protocol';
import type { OutgoingMessage } from '../core/outgoing-message.ts';
import type { ClientIdentity, Socket, SocketHandler, SocketOpened } from '../core/socket.ts';

/** How soon a client reconnects after its stream broke, in milliseconds. */
const retryMs = 1000;
/** A comment, which clients ignore (WHATWG HTML, section 9.2). */
const heartbeat = ':\n\n';

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Nginx would collect the events.
  'x-accel-buffering': 'no',
};

/** The stream was refused before it began. */
export class StreamRefusedError extends Error {
  override readonly name = 'StreamRefusedError';
  readonly refusal: ErrorMessage | undefined;

  /** @param refusal the reply to the join, if that is the reason */
  constructor(refusal: ErrorMessage | undefined) {
    super(refusal?.message ?? 'the stream was closed before it began');
    this.refusal = refusal;
  }
}

export interface ListenRequest {
  readonly joinCode: string;
  readonly targetLanguages: readonly string[];
  /** The last offset that the client has received. */
  readonly offset?: number | undefined;
}

/**
 * A listener whose messages are server-sent events: a transport for the core beside the WebSocket. The response
 * begins with the first message. A refusal before that rejects `opened`, and the response is left untouched.
 */
export class EventStream implements Socket {
  /** Resolves when the response has begun. Rejects with a StreamRefusedError. */
  readonly opened: Promise<unknown>;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  readonly #response: ServerResponse;
  readonly #handler: SocketHandler;
  readonly #request: ListenRequest;
  readonly #closeTimeoutMs: number;
  readonly #opening = Promise.withResolvers<undefined>();
  #state: 'opening' | 'open' | 'closed' = 'opening';

  constructor(
    response: ServerResponse,
    client: ClientIdentity,
    request: ListenRequest,
    { opened, closeTimeoutMs }: { readonly opened: SocketOpened; readonly closeTimeoutMs: number },
  ) {
    this.#response = response;
    this.#request = request;
    this.#closeTimeoutMs = closeTimeoutMs;
    this.opened = this.#opening.promise;
    this.#handler = opened(this, client);
    response.on('drain', () => this.#handler.drained());
    this.closed = new Promise((resolve) => {
      const onClose = (): void => {
        this.#refuse(undefined);
        this.#state = 'closed';
        // A stream can't tell a client that leaves from one that was cut off.
        this.#handler.closed(false);
        resolve();
      };
      // The client may have left while its code was checked; then there is no further event.
      if (response.destroyed) queueMicrotask(onClose);
      else response.once('close', onClose);
    });
    this.#join(request.offset);
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  get needsDrain(): boolean {
    return this.#response.writableNeedDrain;
  }

  sizeOf({ event }: OutgoingMessage): number {
    return event.byteLength;
  }

  /** Its client sends nothing. */
  pauseReading(): void {}

  send(outgoing: OutgoingMessage): void {
    const { message } = outgoing;
    // The client can't reply, but the edge knows what it has received.
    if (message.type === 'session.resync') this.#join(undefined);
    else if (this.#state === 'opening' && message.type === 'error') this.#refuse(message);
    else if (this.#state !== 'closed') this.#write(outgoing.event);
    // Its client can't answer an error, other than by reconnecting.
    if (message.type === 'error') this.close();
  }

  /** Ends the stream; the connection is cut if the client doesn't read the rest in time. */
  close(): void {
    this.#refuse(undefined);
    if (this.#state !== 'open') return;
    this.#state = 'closed';
    this.#response.end();
    const cut = setTimeout(() => this.#response.destroy(), this.#closeTimeoutMs);
    void this.closed.then(() => clearTimeout(cut));
  }

  /** Keeps the connection from looking idle. */
  beat(): void {
    if (this.#state === 'open' && !this.needsDrain) this.#response.write(heartbeat);
  }

  #write(event: Buffer): void {
    if (this.#state === 'opening') {
      this.#state = 'open';
      this.#response.writeHead(200, headers);
      this.#response.write(`retry: ${retryMs}\n\n`);
      this.#opening.resolve(undefined);
    }
    this.#response.write(event);
  }

  #refuse(refusal: ErrorMessage | undefined): void {
    if (this.#state !== 'opening') return;
    this.#state = 'closed';
    this.#opening.reject(new StreamRefusedError(refusal));
  }

  #join(offset: number | undefined): void {
    const { joinCode, targetLanguages } = this.#request;
    const join = { type: 'session.join', joinCode, targetLanguages, ...(offset === undefined ? {} : { offset }) };
    this.#handler.message(JSON.stringify(join), Date.now());
  }
}
