import { commaSeparated } from '../script/reply.ts';

/** The listeners of a session, or of one edge. */
export interface Audience {
  readonly listeners: number;
  /** Those with the most listeners first. A listener of several languages counts once for each of them. */
  readonly languages: readonly { readonly language: string; readonly listeners: number }[];
}

export const nobody: Audience = { listeners: 0, languages: [] };

/** Beyond it, the languages with the fewest listeners are left out. */
const maxLanguages = 200;

/** Counts the listeners with these languages. */
export function countAudience(listeners: Iterable<{ readonly languages: Iterable<string> }>): Audience {
  const counts = new Map<string, number>();
  let count = 0;
  for (const { languages } of listeners) {
    count += 1;
    for (const language of languages) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return { listeners: count, languages: largest(counts) };
}

/** Returns the arguments of a script: the number of listeners, and `LANGUAGE=LISTENERS` separated by commas. */
export function audienceArguments({ listeners, languages }: Audience): [number, string] {
  return [listeners, languages.map(({ language, listeners }) => `${language}=${listeners}`).join(',')];
}

/** Parses the same values in the reply of a script. */
export function parseAudience(listeners: string | undefined, languages = ''): Audience {
  const counts = commaSeparated(languages).map((entry) => entry.split('=') as [string, string]);
  return { listeners: Number(listeners), languages: largest(counts.map(([tag, count]) => [tag, Number(count)])) };
}

function largest(counts: Iterable<readonly [string, number]>): Audience['languages'] {
  return Array.from(counts, ([language, listeners]) => ({ language, listeners }))
    .sort((one, other) => other.listeners - one.listeners || (one.language < other.language ? -1 : 1))
    .slice(0, maxLanguages);
}
