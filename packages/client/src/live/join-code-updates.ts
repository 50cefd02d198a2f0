import type { JoinCodeChange, ServerMessage } from '@parley/protocol';
import type { WaitOptions } from '../await-reply.ts';
import type { SentMessage } from '../connection.ts';
import { ServerError } from '../errors.ts';
import { isSessionLost } from './session-errors.ts';
import { Waiters } from './waiters.ts';

interface UnansweredUpdate {
  readonly number: number;
  readonly joinCode: JoinCodeChange;
  /** The `id` of its newest message. */
  id: string;
}

/** Updates of the join code that the server has not answered; after a lost connection they are sent again. */
export class JoinCodeUpdates {
  readonly #nextId: () => string;
  readonly #waiters = new Waiters<number, string | undefined>('session.updated');
  /** In the order of the answers. */
  #unanswered: UnansweredUpdate[] = [];
  #count = 0;

  /** @param nextId returns the `id` of the next message of the session */
  constructor(nextId: () => string) {
    this.#nextId = nextId;
  }

  /** @returns the message to send, and its answer: the code by which listeners can join then */
  add(joinCode: JoinCodeChange, wait: WaitOptions): { message: SentMessage; answer: Promise<string | undefined> } {
    const update = { number: (this.#count += 1), joinCode, id: this.#nextId() };
    this.#unanswered.push(update);
    return { message: messageOf(update), answer: this.#waiters.wait(update.number, wait) };
  }

  /** @returns the updates to send on a new connection, with a new `id` each */
  repeat(): SentMessage[] {
    for (const update of this.#unanswered) update.id = this.#nextId();
    return this.#unanswered.map(messageOf);
  }

  handleMessage(message: ServerMessage): void {
    if (message.type === 'session.updated') {
      const answered = this.#unanswered.shift();
      if (answered !== undefined) this.#waiters.resolve(answered.number, message.joinCode);
    }
    // A lost session is resumed or started again, and gets the update then.
    if (message.type !== 'error' || message.causedBy === undefined || isSessionLost(message)) return;
    const refused = this.#unanswered.find(({ id }) => id === message.causedBy);
    if (refused === undefined) return;
    this.#unanswered = this.#unanswered.filter((update) => update !== refused);
    this.#waiters.reject(refused.number, new ServerError(message));
  }

  close(error: Error): void {
    this.#unanswered = [];
    this.#waiters.rejectAll(error);
  }
}

function messageOf({ id, joinCode }: UnansweredUpdate): SentMessage {
  return { type: 'session.update', id, joinCode };
}
