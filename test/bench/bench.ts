/** One cell of a bench's table; a number is printed with at most one decimal. */
export type Cell = string | number;

/** What a bench measured: rows of one run, which are compared with each other. */
export interface BenchTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface BenchOptions {
  /** A shorter run, to see that it works: its figures mean nothing. */
  readonly quick: boolean;
  /** How many sessions speak at once, and for how long, where somebody asks a bench that plays talks for others than its own. */
  readonly sessions: number | undefined;
  readonly seconds: number | undefined;
  /** Says what is going on. */
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A measurement that anybody can repeat with `npm run bench -- NAME`. */
export interface Bench {
  /** Kebab-case, as on the command line. */
  readonly name: string;
  /** What it answers, in one sentence. */
  readonly question: string;
  run(options: BenchOptions): Promise<BenchTable>;
}
