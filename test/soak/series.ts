import { trendOf, type Sample, type Trend } from './trend.ts';

/** Named values over time. */
export class Series {
  readonly #rows: { readonly atMs: number; readonly values: ReadonlyMap<string, number> }[] = [];
  readonly #missing: number | undefined;

  /** @param missing what a value counts as where it is missing; default: it is left out */
  constructor(missing?: number) {
    this.#missing = missing;
  }

  add(atMs: number, values: ReadonlyMap<string, number>): void {
    this.#rows.push({ atMs, values });
  }

  /** Returns the trend of each value since `fromMs`. */
  trends(fromMs: number): Map<string, Trend | undefined> {
    const names = new Set(this.#rows.flatMap(({ values }) => [...values.keys()]));
    return new Map([...names].map((name) => [name, trendOf(this.#samples(name, fromMs))]));
  }

  #samples(name: string, fromMs: number): Sample[] {
    return this.#rows.flatMap(({ atMs, values }) => {
      const value = values.get(name) ?? this.#missing;
      return value === undefined || atMs < fromMs ? [] : [{ atMs, value }];
    });
  }
}
