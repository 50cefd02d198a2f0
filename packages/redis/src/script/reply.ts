/** A script's reply doesn't match its contract: scripts and code have different versions. */
export class ScriptReplyError extends Error {
  override readonly name = 'ScriptReplyError';
}

/** Checks that a reply is a list of strings, as that of every script. */
export function asStrings(reply: unknown): string[] {
  if (Array.isArray(reply) && reply.every((item) => typeof item === 'string')) return reply;
  throw new ScriptReplyError('a script returned something other than a list of strings');
}

/** Checks that a status is one of the expected ones. */
export function asStatus<const Status extends string>(value: string | undefined, statuses: readonly Status[]): Status {
  const status = statuses.find((known) => known === value);
  if (status === undefined) throw new ScriptReplyError(`a script returned the unknown status ${String(value)}`);
  return status;
}

/** Splits the values of a reply into groups of `size`. */
export function groupsOf(size: number, values: readonly string[]): string[][] {
  return Array.from({ length: Math.floor(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size),
  );
}

/** Parses a comma-separated list; '' is the empty list. */
export function commaSeparated(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
