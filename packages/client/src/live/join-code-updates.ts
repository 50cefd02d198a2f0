import type { JoinCodeChange, ServerMessage } from '@parley/protocol';
import type { WaitOptions } from '../await-reply.ts';
import type { SentMessage } from '../connection.ts';
import { ServerError } from '../errors.ts';
import { isSessionLost } from './session-errors.ts';
import { Waiters } from './waiters.ts';

/** Updates of the join code that the server has not answered; after a lost connection they are sent again. */
export class JoinCodeUpdates {
  readonly #waiters = new Waiters<string, string | undefined>('session.updated');
  /** In the order of the answers. */
  #unanswered: SentMessage[] = [];
  #count = 0;

  /** The updates to send on a new connection. */
  get unanswered(): readonly SentMessage[] {
    return this.#unanswered;
  }

  /** @returns the message to send, and its answer: the code by which listeners can join then */
  add(joinCode: JoinCodeChange, wait: WaitOptions): { message: SentMessage; answer: Promise<string | undefined> } {
    // Apart from the IDs of other messages, which are numbers.
    const message = { type: 'session.update', id: `join-code-${(this.#count += 1)}`, joinCode } as const;
    this.#unanswered.push(message);
    return { message, answer: this.#waiters.wait(message.id, wait) };
  }

  handleMessage(message: ServerMessage): void {
    if (message.type === 'session.updated') {
      const answered = this.#unanswered.shift();
      if (answered !== undefined) this.#waiters.resolve(answered.id, message.joinCode);
    }
    // A lost session is resumed or started again, and gets the update then.
    if (message.type !== 'error' || message.causedBy === undefined || isSessionLost(message)) return;
    const { causedBy } = message;
    this.#unanswered = this.#unanswered.filter(({ id }) => id !== causedBy);
    this.#waiters.reject(causedBy, new ServerError(message));
  }

  close(error: Error): void {
    this.#unanswered = [];
    this.#waiters.rejectAll(error);
  }
}
