/** One cell of a bench's table; a number is printed with at most one decimal. */
export type Cell = string | number;

/** The result of a bench: rows of one run to compare. */
export interface BenchTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

export interface BenchOptions {
  /** A short smoke test whose figures are meaningless. */
  readonly quick: boolean;
  /** Override the number of sessions and the duration of benches that play traces. */
  readonly sessions: number | undefined;
  readonly seconds: number | undefined;
  /** Only the rows whose names contain this, in benches that measure each row by itself. */
  readonly only?: string | undefined;
  /** Logs progress. */
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A measurement, run with `npm run bench -- NAME`. */
export interface Bench {
  /** The name on the command line, in kebab case. */
  readonly name: string;
  /** The question that it answers, in one sentence. */
  readonly question: string;
  run(options: BenchOptions): Promise<BenchTable>;
}
