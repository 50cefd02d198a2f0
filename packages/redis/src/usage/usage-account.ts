import { AdditionRefusedError, type Addition } from './usage-store.ts';

export interface UsageAccountOptions<Field extends string> {
  /** The field whose total is compared with a budget. */
  readonly money: Field;
  /** Returns a unique identifier for an addition. */
  readonly next: () => Pick<Addition<Field>, 'writer' | 'number'>;
  /** Writes an addition and returns the totals, or `undefined` if the hash no longer exists. */
  readonly write: (addition: Addition<Field>) => Promise<Map<string, number> | undefined>;
  /** Called when a write fails. */
  readonly onError: (error: unknown) => void;
}

/**
 * Amounts to be added to one hash in Redis. They are summed until they are written, so memory stays constant while
 * Redis is unreachable. An addition whose reply was lost is sent again under the same number and counts once.
 */
export class UsageAccount<Field extends string> {
  readonly #options: UsageAccountOptions<Field>;
  readonly #pending = new Map<Field, number>();
  /** Sent but not confirmed. */
  #sent: Addition<Field> | undefined;
  #knownMicros = 0;
  #writing: Promise<void> | undefined;
  /** Whether each amount is written immediately. */
  isUrgent = false;
  /** Whether the hash no longer existed at the last write. */
  isGone = false;
  /** Time of the last access, in milliseconds since 1970. */
  usedAtMs = 0;

  constructor(options: UsageAccountOptions<Field>) {
    this.#options = options;
  }

  add(amounts: Readonly<Partial<Record<Field, number>>>): void {
    for (const [field, amount] of Object.entries(amounts) as [Field, number][]) {
      if (amount !== 0) this.#pending.set(field, (this.#pending.get(field) ?? 0) + amount);
    }
    if (this.isUrgent) void this.write();
  }

  /** The amount spent by all processes at the last write, plus this process's amount since then. */
  get spentMicros(): number {
    const { money } = this.#options;
    return this.#knownMicros + (this.#sent?.amounts[money] ?? 0) + (this.#pending.get(money) ?? 0);
  }

  get isWritten(): boolean {
    return this.#sent === undefined && this.#pending.size === 0;
  }

  /**
   * Writes all pending amounts, including those added during the write. After a failure the next call writes the rest.
   * Never rejects.
   *
   * @param refresh reads the totals of all processes even if nothing is pending
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
      const amounts = Object.fromEntries([[money, 0], ...this.#pending]) as Partial<Record<Field, number>>;
      this.#pending.clear();
      this.#sent = { ...next(), amounts };
    }
    const totals = await write(this.#sent).catch((error: unknown) => {
      // A retry would be rejected again and block all later additions.
      if (error instanceof AdditionRefusedError) this.#sent = undefined;
      throw error;
    });
    this.#sent = undefined;
    this.isGone = totals === undefined;
    this.#knownMicros = totals?.get(money) ?? this.#knownMicros;
  }
}
