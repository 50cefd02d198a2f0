/** How many changes can still be taken back; the server refuses older ones long before. */
const maxChanges = 50;

/** The target languages of a session and their changes, each of which the server may refuse. */
export class TargetChanges {
  #changes: { readonly id: string | undefined; readonly languages: readonly string[] }[];

  constructor(languages: readonly string[]) {
    this.#changes = [{ id: undefined, languages }];
  }

  get current(): readonly string[] {
    return this.#changes.at(-1)?.languages ?? [];
  }

  /** @param id the `id` of the message with the change */
  request(id: string, languages: readonly string[]): void {
    this.#changes = [...this.#changes, { id, languages }].slice(-maxChanges);
  }

  /**
   * Takes a refused change back, and what was changed after it.
   *
   * @returns the languages before it; `undefined` if the message was no change
   */
  refuse(id: string | undefined): readonly string[] | undefined {
    const at = this.#changes.findIndex((change) => id !== undefined && change.id === id);
    const before = this.#changes[at - 1]?.languages;
    if (before !== undefined) this.#changes = this.#changes.slice(0, at);
    return before;
  }
}
