const everyMs = 150;

/**
 * Shows a long translation while it grows: at most every 150 ms, one publication at a time. The
 * first piece is passed over, since a reply that comes in one piece is no preview of itself.
 */
export class PreviewPublisher {
  readonly #publish: (text: string) => Promise<unknown>;
  #begun = false;
  #running: Promise<void> | undefined;
  #stopped = false;
  #lastAtMs = 0;

  constructor(publish: (text: string) => Promise<unknown>) {
    this.#publish = publish;
  }

  progress(text: string): void {
    if (this.#stopped || text === '') return;
    if (!this.#begun) {
      this.#begun = true;
      return;
    }
    if (this.#running !== undefined || Date.now() - this.#lastAtMs < everyMs) return;
    this.#lastAtMs = Date.now();
    // A preview that can't be published is only a preview: the translation itself is still coming.
    this.#running = this.#publish(text).then(
      () => (this.#running = undefined),
      () => (this.#running = undefined),
    );
  }

  /** Nothing is published after this resolves. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }
}
