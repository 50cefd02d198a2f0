import { dialectOf, moreThinkingTokens, type Dialect, type Refusable } from './dialect.ts';

/** What has been found out about how one model of one endpoint wants to be asked. It is kept as long as the engine is. */
export class LearntDialect {
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
   * The thoughts of the model left no room for its reply to a request in this dialect.
   *
   * @returns whether there is more room now, be it by another call
   */
  leaveMoreRoom(asked: Dialect): boolean {
    const more = moreThinkingTokens(asked.thinkingTokens);
    if (more === undefined) return false;
    this.#thinkingTokens = Math.max(this.#thinkingTokens, more);
    return true;
  }
}
