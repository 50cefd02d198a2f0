import { variables, type ProcessName, type Variable } from '@parley/config';

/** The part of `parley PROCESS --help` that tells the environment: what the process reads, in the order of the table. */
export function environmentHelp(process: ProcessName): string {
  const all: [string, Variable][] = Object.entries(variables);
  const entries = all
    .filter(([, { readBy }]) => readBy.includes(process))
    .map(
      ([name, { allowed, fallback, description }]) =>
        `  ${name}\n      ${description}\n      ${allowed}; default: ${fallback ?? 'unset'}`,
    );
  return `\nEnvironment:\n${entries.join('\n')}`;
}
