/** One variable that can't be used as it stands. */
export interface ConfigProblem {
  readonly variable: string;
  readonly value: string;
  readonly allowed: string;
}

/** The environment can't be used; the message names every variable, its value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, value, allowed }) => `  ${variable}=${value}: must be ${allowed}`);
    super(
      `the environment has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${lines.join('\n')}`,
    );
    this.problems = problems;
  }
}
