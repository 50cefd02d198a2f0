import type { ServerMessage } from '@parley/protocol';
import type { SentMessage } from '../connection.ts';
import type { JoinOptions } from '../listener-session.ts';
import { DeliveryFilter } from './delivery-filter.ts';

/** The state of a listener across all its connections. No I/O. */
export class ListenerState {
  readonly #options: JoinOptions;
  readonly #delivery = new DeliveryFilter();
  #joinedAt: number | undefined;
  #ids = 0;

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  /**
   * The message that joins the session on a new connection or, after `session.resync`, on the same one. Nothing
   * may be lost after the first join, so if nothing has been delivered yet, the offset of that join is used.
   */
  openingMessage(): SentMessage {
    const offset = this.#delivery.offset ?? this.#options.offset ?? this.#joinedAt;
    const message = { type: 'session.join', id: String((this.#ids += 1)), ...this.#options } as const;
    return offset === undefined ? message : { ...message, offset };
  }

  /** @returns whether to deliver the message to the user */
  handleMessage(message: ServerMessage): boolean {
    if (message.type === 'session.joined') this.#joinedAt ??= message.offset;
    return this.#delivery.admits(message);
  }
}
