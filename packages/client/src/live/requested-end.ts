/** The end of the session that a speaker requests. It is sent when all finals are accepted, and again on a new connection. */
export class RequestedEnd {
  #state: 'not-requested' | 'due' | 'sent' = 'not-requested';
  #id: string | undefined;

  get isRequested(): boolean {
    return this.#state !== 'not-requested';
  }

  request(): void {
    if (this.#state === 'not-requested') this.#state = 'due';
  }

  /** The message to send now, if it is due; it then counts as sent. */
  takeDue(nextId: () => string): { readonly id: string } | undefined {
    if (this.#state !== 'due') return undefined;
    this.#state = 'sent';
    this.#id = nextId();
    return { id: this.#id };
  }

  /** Whether the newest message to end the session has this `id`. */
  isRequestedBy(id: string): boolean {
    return this.#id === id;
  }

  /** Whether the message with this `id` was sent after the session was ended on this connection. */
  isBefore(id: string): boolean {
    return this.#id !== undefined && Number(id) > Number(this.#id);
  }

  /** The server has refused it temporarily. */
  repeat(): void {
    if (this.#state === 'sent') this.#state = 'due';
  }

  handleDisconnect(): void {
    this.repeat();
    this.#id = undefined;
  }
}
