import type { ServerMessage } from '@parley/protocol';
import type { FeedItem } from './feed-item.ts';
import { messageOf } from './server-messages.ts';

/** One item on its way to any number of sockets: made into a message and serialised once, by the first that gets it. */
export class Delivery {
  readonly item: FeedItem;
  readonly #onFirst: ((message: ServerMessage) => void) | undefined;
  #made: { message: ServerMessage; frame: string } | undefined;

  /** @param onFirst hears the message when its time is stamped */
  constructor(item: FeedItem, onFirst?: (message: ServerMessage) => void) {
    this.item = item;
    this.#onFirst = onFirst;
  }

  get message(): ServerMessage {
    return this.#make().message;
  }

  get frame(): string {
    return this.#make().frame;
  }

  #make(): { message: ServerMessage; frame: string } {
    if (this.#made === undefined) {
      const message = messageOf(this.item, Date.now());
      this.#made = { message, frame: JSON.stringify(message) };
      this.#onFirst?.(message);
    }
    return this.#made;
  }
}
