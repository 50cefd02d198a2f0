import { variables, type ProcessName, type Variable } from '@parley/config';

export interface DocumentedVariable {
  readonly name: string;
  readonly allowed: string;
  /** The text that stands for an unset variable; `undefined` where unset has a meaning of its own. */
  readonly fallback: string | undefined;
  readonly description: string;
}

/** The variables that a process reads, in the order of the table in `@parley/config`. */
export function documentedVariables(process: ProcessName): DocumentedVariable[] {
  return Object.entries<Variable>(variables)
    .filter(([, { readBy }]) => readBy.includes(process))
    .map(([name, { allowed, fallback, description }]) => ({ name, allowed, fallback, description }));
}

/** The part of `parley PROCESS --help` that tells the environment. */
export function environmentHelp(process: ProcessName): string {
  const entries = documentedVariables(process).map(({ name, allowed, fallback, description }) => {
    const unset = fallback === undefined ? 'unset' : fallback;
    return `  ${name}\n      ${description}\n      ${allowed}; default: ${unset}`;
  });
  return `\nEnvironment:\n${entries.join('\n')}`;
}
