import { dialectOf, moreThinkingTokens, type Dialect, type Refusable } from './dialect.ts';

/** What has been found out about how one model of one endpoint wants to be asked. It is kept as long as the engine is. */
export class LearnedDialect {
  readonly #model: string;
  readonly #refused = new Set<Refusable>();
  #thinkingTokens = 0;

  constructor(model: string) {
    this.#model = model;
  }

  /** @param now what one call alone does without besides */
  dialect(now: ReadonlySet<Refusable> = new Set()): Dialect {
    return dialectOf(this.#model, new Set([...this.#refused, ...now]), this.#thinkingTokens);
  }

  refuse(refused: Refusable): void {
    this.#refused.add(refused);
  }

  /**
   * The reasoning of the model used up the output limit of a request in this dialect.
   *
   * @returns whether the limit is higher now, be it raised by another call
   */
  raiseThinkingTokens(asked: Dialect): boolean {
    const more = moreThinkingTokens(asked.thinkingTokens);
    if (more === undefined) return false;
    this.#thinkingTokens = Math.max(this.#thinkingTokens, more);
    return true;
  }
}
