import type { ServerMessage } from '@parley/protocol';

/** Records the messages of a client and waits for further ones. */
export class MessageLog {
  readonly messages: ServerMessage[] = [];
  readonly #waiting = new Set<(message: ServerMessage) => void>();

  readonly add = (message: ServerMessage): void => {
    this.messages.push(message);
    for (const notify of [...this.#waiting]) notify(message);
  };

  /** Resolves with the first past or future message that matches; rejects after `timeoutMs` (default 20,000). */
  readonly waitForMessage = (
    matches: (message: ServerMessage) => boolean,
    timeoutMs = 20_000,
  ): Promise<ServerMessage> => {
    const found = this.messages.find(matches);
    if (found !== undefined) return Promise.resolve(found);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(onMessage);
        reject(new Error(`no matching message within ${timeoutMs} ms; received ${this.#counted()}`));
      }, timeoutMs);
      const onMessage = (message: ServerMessage): void => {
        if (!matches(message)) return;
        clearTimeout(timer);
        this.#waiting.delete(onMessage);
        resolve(message);
      };
      this.#waiting.add(onMessage);
    });
  };

  #counted(): string {
    const counts = Map.groupBy(this.messages, ({ type }) => type);
    return [...counts].map(([type, messages]) => `${messages.length} ${type}`).join(', ') || 'nothing';
  }
}
