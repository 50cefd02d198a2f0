/** An environment variable with an invalid value. */
export interface ConfigProblem {
  readonly variable: string;
  readonly value: string;
  readonly allowed: string;
}

/** The environment is invalid. The message names every invalid variable, its value and the allowed values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ variable, value, allowed }) => `  ${variable}=${value}: must be ${allowed}`);
    super(
      `the environment has ${problems.length === 1 ? 'an invalid variable' : `${problems.length} invalid variables`}:\n${lines.join('\n')}`,
    );
    this.problems = problems;
  }
}
