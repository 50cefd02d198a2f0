import type { ServerMessage } from '@parley/protocol';
import type { SentMessage } from '../connection.ts';
import type { JoinOptions } from '../listening.ts';
import { Delivery } from './delivery.ts';

/** A listener's side of a session, whatever becomes of its connections. No I/O. */
export class ListenerState {
  readonly #options: JoinOptions;
  readonly #delivery = new Delivery();
  #joinedAt: number | undefined;
  #ids = 0;

  constructor(options: JoinOptions) {
    this.#options = options;
  }

  /**
   * The message that joins on a new connection, or again on the same one. From the first join on nothing may be missed,
   * so where nothing was delivered yet it asks for what came after that join.
   */
  opening(): SentMessage {
    const offset = this.#delivery.offset ?? this.#options.offset ?? this.#joinedAt;
    const message = { type: 'session.join', id: String((this.#ids += 1)), ...this.#options } as const;
    return offset === undefined ? message : { ...message, offset };
  }

  /** @returns whether the listener's user gets the message */
  received(message: ServerMessage): boolean {
    if (message.type === 'session.joined') this.#joinedAt ??= message.offset;
    return this.#delivery.admits(message);
  }
}
