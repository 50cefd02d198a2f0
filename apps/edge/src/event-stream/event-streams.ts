import type { ServerResponse } from 'node:http';
import type { ClientIdentity, SocketOpened } from '../core/socket.ts';
import { EventStream, type ListenRequest } from './event-stream.ts';

export interface EventStreamsOptions {
  readonly opened: SocketOpened;
  readonly heartbeatIntervalMs?: number;
  /** How long a stream that ends waits for its client to read the rest. */
  readonly closeTimeoutMs?: number;
}

/** All event streams of an edge. */
export class EventStreams {
  readonly #options: { readonly opened: SocketOpened; readonly closeTimeoutMs: number };
  readonly #streams = new Set<EventStream>();
  readonly #timer: NodeJS.Timeout;
  #closing = false;

  constructor({ opened, heartbeatIntervalMs = 15_000, closeTimeoutMs = 5000 }: EventStreamsOptions) {
    this.#options = { opened, closeTimeoutMs };
    this.#timer = setInterval(() => {
      for (const stream of this.#streams) stream.beat();
    }, heartbeatIntervalMs);
  }

  get isClosing(): boolean {
    return this.#closing;
  }

  /** Opens a stream on a response whose head was not sent. */
  open(response: ServerResponse, client: ClientIdentity, request: ListenRequest): EventStream {
    const stream = new EventStream(response, client, request, this.#options);
    this.#streams.add(stream);
    void stream.closed.then(() => this.#streams.delete(stream));
    return stream;
  }

  /** Ends every stream; resolves when all are closed. Their clients reconnect to another edge. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#timer);
    for (const stream of this.#streams) stream.close();
    await Promise.all([...this.#streams].map(({ closed }) => closed));
  }
}
