import { once } from 'node:events';
import type { ServerMessage } from '@parley/protocol';
import { WebSocket } from 'ws';
import { MessageLog } from '../../../../test/harness/message-log.ts';

/** A WebSocket to an edge and everything that it has received. */
export class StreamClient extends MessageLog implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly closed: Promise<number>;
  /** The reason with which the edge closed it. */
  closeReason = '';

  /** Rejects with an error that contains the HTTP status if the edge refuses. */
  static async open(edgeUrl: string, credential: string, query: { offset?: number } = {}): Promise<StreamClient> {
    const url = new URL('/v1/stream', edgeUrl.replace('http', 'ws'));
    if (query.offset !== undefined) url.searchParams.set('offset', String(query.offset));
    const socket = new WebSocket(url, ['parley.v1', credential]);
    const client = new StreamClient(socket);
    await once(socket, 'open');
    return client;
  }

  private constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code: number, reason: Buffer) => {
        this.closeReason = reason.toString();
        resolve(code);
      });
    });
    socket.on('message', (frame: Buffer) => this.add(JSON.parse(frame.toString()) as ServerMessage));
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Sends a message and waits for the next one that answers something, which the number of listeners does not. */
  async ask(message: object): Promise<ServerMessage> {
    const known = new Set(this.messages);
    this.send(message);
    return this.waitForMessage((received) => !known.has(received) && received.type !== 'session.listeners');
  }

  /** Opens a session from English to Spanish. */
  async start(options: object = {}): Promise<Extract<ServerMessage, { type: 'session.started' }>> {
    this.send({ type: 'session.start', sourceLanguage: 'en', targetLanguages: ['es'], ...options });
    const isStarted = ({ type }: ServerMessage): boolean => type === 'session.started';
    return (await this.waitForMessage(isStarted)) as Extract<ServerMessage, { type: 'session.started' }>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.closed;
  }
}
