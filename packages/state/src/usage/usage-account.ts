import { AdditionRefusedError } from './addition-refused-error.ts';
import type { Addition } from './usage-store.ts';

/** What one hash is to be charged with, until Redis has it. An addition that fails is made again as it was, unless Redis can't take it. */
export class UsageAccount<Field extends string> {
  readonly #money: Field;
  readonly #pending = new Map<Field, number>();
  #sent: Addition<Field> | undefined;
  #knownMicros = 0;
  #writing: Promise<void> | undefined;

  /** @param money the field whose total counts against a budget */
  constructor(money: Field) {
    this.#money = money;
  }

  add(field: Field, amount: number): void {
    if (amount !== 0) this.#pending.set(field, (this.#pending.get(field) ?? 0) + amount);
  }

  /** What all processes have spent, as far as is known, and this one for sure. */
  get spentMicros(): number {
    return this.#knownMicros + (this.#sent?.amounts[this.#money] ?? 0) + (this.#pending.get(this.#money) ?? 0);
  }

  get isSettled(): boolean {
    return this.#sent === undefined && this.#pending.size === 0;
  }

  /**
   * Writes what is pending, and learns what others have spent. One writing at a time.
   *
   * @param write gives the totals, or `undefined` where nobody keeps this account any more
   */
  flush(
    next: () => Pick<Addition<Field>, 'writer' | 'number'>,
    write: (addition: Addition<Field>) => Promise<Map<string, number> | undefined>,
  ): Promise<void> {
    return (this.#writing ??= this.#flush(next, write).finally(() => (this.#writing = undefined)));
  }

  async #flush(
    next: Parameters<UsageAccount<Field>['flush']>[0],
    write: Parameters<UsageAccount<Field>['flush']>[1],
  ): Promise<void> {
    if (this.#sent === undefined) {
      const amounts = Object.fromEntries([[this.#money, 0], ...this.#pending]) as Partial<Record<Field, number>>;
      this.#pending.clear();
      this.#sent = { ...next(), amounts };
    }
    const totals = await write(this.#sent).catch((error: unknown) => {
      // Made again, it would be refused again, and keep away all that comes after it.
      if (error instanceof AdditionRefusedError) this.#sent = undefined;
      throw error;
    });
    this.#sent = undefined;
    this.#knownMicros = totals?.get(this.#money) ?? this.#knownMicros;
  }
}
