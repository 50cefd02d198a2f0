/** A script's reply is not what its contract says: scripts and code are of different versions. */
export class ScriptReplyError extends Error {
  override readonly name = 'ScriptReplyError';
}

/** A reply that is a list of strings, as all of Parley's scripts give it. */
export function asStrings(reply: unknown): string[] {
  if (Array.isArray(reply) && reply.every((item) => typeof item === 'string')) return reply;
  throw new ScriptReplyError('a script answered something other than a list of strings');
}

/** Checks that a status word is one of those that the script's contract names. */
export function asStatus<const Status extends string>(word: string | undefined, statuses: readonly Status[]): Status {
  const status = statuses.find((known) => known === word);
  if (status === undefined) throw new ScriptReplyError(`a script answered the unknown status ${String(word)}`);
  return status;
}

/** Cuts the words of a reply into groups of `size`, in which a script gives one thing after the other. */
export function groupsOf(size: number, words: readonly string[]): string[][] {
  return Array.from({ length: Math.floor(words.length / size) }, (_, index) =>
    words.slice(index * size, (index + 1) * size),
  );
}

/** A list as scripts keep it in one field: separated by commas, '' where it is empty. */
export function commaSeparated(text: string): string[] {
  return text === '' ? [] : text.split(',');
}
