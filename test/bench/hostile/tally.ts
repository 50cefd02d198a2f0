/** Counts what attackers sent and what they got. */
export class Tally {
  readonly #counts = new Map<string, number>();

  count(what: string, times = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + times);
  }

  get entries(): readonly (readonly [what: string, times: number])[] {
    return [...this.#counts].sort(([, one], [, other]) => other - one);
  }
}
