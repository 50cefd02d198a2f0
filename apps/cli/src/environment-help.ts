import { variables, type ProcessName, type Variable } from '@parley/config';

/** Returns the section of `parley PROCESS --help` that lists the environment variables that the process reads. */
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
