import { maxEntries, maxGlossaryChars } from './client-message.ts';

/** A list that is too long, and how many of its entries are within the bounds. */
export interface LongList {
  readonly field: string;
  readonly kept: readonly unknown[];
  readonly message: string;
}

/**
 * Finds the lists of a message that are too long. Looks at no entry of a list with too many of them, and at no text longer than
 * to take its length, so that it takes no time that the sender could choose. Pure.
 */
export function longLists(fields: Readonly<Record<string, unknown>>): LongList[] {
  const found: LongList[] = [];
  for (const [field, max] of Object.entries(maxEntries)) {
    const value = fields[field];
    if (!Array.isArray(value)) continue;
    const entries: unknown[] = value.length > max ? value.slice(0, max) : value;
    const fitting = field === 'glossary' ? fittingTerms(entries) : entries.length;
    if (fitting < entries.length) {
      const message = `the terms have more than ${maxGlossaryChars} characters together`;
      found.push({ field, kept: entries.slice(0, fitting), message });
    } else if (entries.length < value.length) {
      found.push({ field, kept: entries, message: `the list has ${value.length} entries; at most ${max} are allowed` });
    }
  }
  return found;
}

/** How many of the first entries of a glossary are short enough together. */
function fittingTerms(entries: readonly unknown[]): number {
  let chars = 0;
  const tooMany = entries.findIndex((entry) => {
    const { source, target } = (entry ?? {}) as { source?: unknown; target?: unknown };
    chars += lengthOf(source) + lengthOf(target);
    return chars > maxGlossaryChars;
  });
  return tooMany === -1 ? entries.length : tooMany;
}

function lengthOf(text: unknown): number {
  return typeof text === 'string' ? text.length : 0;
}
