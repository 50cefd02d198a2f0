import { AdditionRefusedError } from './addition-refused-error.ts';
import type { Addition } from './usage-store.ts';

export interface UsageAccountOptions<Field extends string> {
  /** The field whose total counts against a budget. */
  readonly money: Field;
  /** Names an addition that was not made before. */
  readonly next: () => Pick<Addition<Field>, 'writer' | 'number'>;
  /** Gives the totals, or `undefined` where Redis has no such hash any more. */
  readonly write: (addition: Addition<Field>) => Promise<Map<string, number> | undefined>;
  /** Hears why a write failed. */
  readonly onError: (error: unknown) => void;
}

/**
 * The amounts to be added to one hash in Redis. They are summed here until they are written, so an account takes the
 * same memory however long Redis is away. An addition whose answer is lost is sent again under its own number, and
 * counts once.
 */
export class UsageAccount<Field extends string> {
  readonly #options: UsageAccountOptions<Field>;
  readonly #owed = new Map<Field, number>();
  /** Sent, and not confirmed. */
  #sent: Addition<Field> | undefined;
  #knownMicros = 0;
  #writing: Promise<void> | undefined;
  /** Whether each amount is to be written at once. */
  isUrgent = false;
  /** Redis had no such hash at the last write. */
  isGone = false;
  /** When it was last asked for, in milliseconds since 1970. */
  usedAtMs = 0;

  constructor(options: UsageAccountOptions<Field>) {
    this.#options = options;
  }

  add(amounts: Readonly<Partial<Record<Field, number>>>): void {
    for (const [field, amount] of Object.entries(amounts) as [Field, number][]) {
      if (amount !== 0) this.#owed.set(field, (this.#owed.get(field) ?? 0) + amount);
    }
    if (this.isUrgent) void this.write();
  }

  /** What all processes have spent as of the last write, and what this one has spent since. */
  get spentMicros(): number {
    const { money } = this.#options;
    return this.#knownMicros + (this.#sent?.amounts[money] ?? 0) + (this.#owed.get(money) ?? 0);
  }

  get isWritten(): boolean {
    return this.#sent === undefined && this.#owed.size === 0;
  }

  /**
   * Writes all that is owed, also what is added meanwhile. After a failure the rest is written by the next call. Never
   * rejects.
   *
   * @param refresh asks for the totals of all processes even where nothing is owed
   */
  write({ refresh = false }: { readonly refresh?: boolean } = {}): Promise<void> {
    if (this.isWritten && !refresh) return this.#writing ?? Promise.resolve();
    return (this.#writing ??= this.#writeAll()
      .catch(this.#options.onError)
      .finally(() => (this.#writing = undefined)));
  }

  async #writeAll(): Promise<void> {
    do await this.#writeOnce();
    while (!this.isWritten);
  }

  async #writeOnce(): Promise<void> {
    const { money, next, write } = this.#options;
    if (this.#sent === undefined) {
      const amounts = Object.fromEntries([[money, 0], ...this.#owed]) as Partial<Record<Field, number>>;
      this.#owed.clear();
      this.#sent = { ...next(), amounts };
    }
    const totals = await write(this.#sent).catch((error: unknown) => {
      // Sent again, it would be refused again, and hold up all that comes after it.
      if (error instanceof AdditionRefusedError) this.#sent = undefined;
      throw error;
    });
    this.#sent = undefined;
    this.isGone = totals === undefined;
    this.#knownMicros = totals?.get(money) ?? this.#knownMicros;
  }
}
