/**
 * The pause that a speaker requests. It must not overtake finals from before it, which a paused session would refuse, so it
 * is sent once these are accepted. Its end is sent before later finals.
 */
export class RequestedPause {
  #isPaused: boolean | undefined;
  #isDue = false;
  #id: string | undefined;

  /** `undefined` if nothing was requested. */
  get isPaused(): boolean | undefined {
    return this.#isPaused;
  }

  /** @param id the `id` of the message */
  request(isPaused: boolean, id: string): void {
    this.#isPaused = isPaused;
    this.#isDue = true;
    this.#id = id;
  }

  /** The request must be sent again: on a new connection, or because the server did not handle it. */
  repeat(id: string): void {
    if (this.#isPaused === undefined) return;
    this.request(this.#isPaused, id);
  }

  /** The message to send now, if it is due and may be sent; it then counts as sent. */
  takeDue(mayBe: 'paused' | 'unpaused'): { readonly id: string; readonly paused: boolean } | undefined {
    const paused = this.#isPaused;
    if (!this.#isDue || this.#id === undefined || paused !== (mayBe === 'paused')) return undefined;
    this.#isDue = false;
    return { id: this.#id, paused };
  }

  /** Whether the message with this `id` is the newest request. */
  isRequestedBy(id: string): boolean {
    return this.#id === id;
  }

  /** The server has refused the request for good. */
  revert(): void {
    this.#isPaused = this.#id = undefined;
    this.#isDue = false;
  }
}
