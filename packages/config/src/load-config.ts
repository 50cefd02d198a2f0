import { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import type { Variable } from './variable.ts';
import { variables, type VariableName } from './variables.ts';

/** The parsed environment: one property per variable, under the variable's name. */
export type Config = {
  readonly [Name in VariableName]: (typeof variables)[Name] extends { schema: z.ZodType<infer Value, string> }
    ? Value
    : never;
};

/**
 * Parses the environment once. Empty variables count as unset.
 *
 * @returns a frozen object
 * @throws ConfigError that lists every problem, not only the first
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: ConfigProblem[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(variables) as [string, Variable][]) {
    const value = environment[name];
    const text = value === undefined || value === '' ? variable.fallback : value;
    if (text === undefined) {
      config[name] = undefined;
      continue;
    }
    const parsed = (variable.schemaWithin?.(environment) ?? variable.schema).safeParse(text);
    if (parsed.success) {
      config[name] = parsed.data;
      continue;
    }
    const fields = variable.schemaWithin === undefined ? '' : `; ${describeIssues(parsed.error)}`;
    const shown = variable.secret ? '(hidden)' : text;
    problems.push({ variable: name, value: shown, allowed: `${variable.allowed}${fields}` });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config) as Config;
}

/** Names the invalid fields and their problems, such as `[0].baseUrl must be a URL`, without their values. */
function describeIssues({ issues }: z.ZodError): string {
  return issues.map((issue) => `${z.core.toDotPath(issue.path)} ${issueText(issue)}`.trim()).join('; ');
}

/** Rewords zod's type errors to match the rest of the message. */
function issueText(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return issue.message;
  return issue.message.endsWith('received undefined') ? 'is missing' : `must be of type ${issue.expected}`;
}
