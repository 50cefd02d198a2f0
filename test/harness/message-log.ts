import type { ServerMessage } from '@parley/protocol';

/** Records the messages of a client and waits for further ones. */
export class MessageLog {
  readonly messages: ServerMessage[] = [];
  readonly #waiting = new Set<(message: ServerMessage) => void>();

  readonly add = (message: ServerMessage): void => {
    this.messages.push(message);
    for (const waitForMessage of [...this.#waiting]) waitForMessage(message);
  };

  /** Resolves with the first past or future message that matches; rejects after `timeoutMs` (default 20,000). */
  readonly waitForMessage = (fits: (message: ServerMessage) => boolean, timeoutMs = 20_000): Promise<ServerMessage> => {
    const heard = this.messages.find(fits);
    if (heard !== undefined) return Promise.resolve(heard);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(waitForMessage);
        reject(new Error(`no matching message within ${timeoutMs} ms; received ${this.#counted()}`));
      }, timeoutMs);
      const waitForMessage = (message: ServerMessage): void => {
        if (!fits(message)) return;
        clearTimeout(timer);
        this.#waiting.delete(waitForMessage);
        resolve(message);
      };
      this.#waiting.add(waitForMessage);
    });
  };

  #counted(): string {
    const counts = Map.groupBy(this.messages, ({ type }) => type);
    return [...counts].map(([type, messages]) => `${messages.length} ${type}`).join(', ') || 'nothing';
  }
}
