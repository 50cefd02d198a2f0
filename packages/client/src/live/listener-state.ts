import type { ServerMessage, SessionJoined } from '@parley/protocol';
import type { SentMessage } from '../connection.ts';
import type { JoinOptions } from '../listener-session.ts';
import { DeliveryFilter } from './delivery-filter.ts';

/** The state of a listener across all its connections. No I/O. */
export class ListenerState {
  readonly #options: JoinOptions;
  #delivery = new DeliveryFilter();
  #sessionId: string | undefined;
  #joinedAt: number | undefined;
  #ids = 0;

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  /**
   * The offset from which the session is joined again. Nothing may be lost after the first join, so if nothing has been
   * delivered yet, it is the offset of that join.
   */
  get offset(): number | undefined {
    return this.#delivery.offset ?? this.#options.offset ?? this.#joinedAt;
  }

  /** The message that joins the session on a new connection or, after `session.resync`, on the same one. */
  openingMessage(): SentMessage {
    const { offset } = this;
    const message = { type: 'session.join', id: String((this.#ids += 1)), ...this.#options } as const;
    return offset === undefined ? message : { ...message, offset };
  }

  /** @returns whether to deliver the message to the user */
  handleMessage(message: ServerMessage): boolean {
    if (message.type === 'session.joined') this.#handleJoined(message);
    return this.#delivery.admits(message);
  }

  /** A newer session of the same room numbers its segments anew. */
  #handleJoined({ sessionId, offset }: SessionJoined): void {
    if (this.#sessionId !== undefined && this.#sessionId !== sessionId) {
      this.#delivery = new DeliveryFilter();
      this.#joinedAt = undefined;
    }
    this.#sessionId = sessionId;
    this.#joinedAt ??= offset;
  }
}
