import {
  canonicalJoinCode,
  canonicalLanguageTag,
  maxTargetLanguages,
  roomNameSchema,
  undeterminedLanguage,
} from '@parley/protocol';
import { moneySchema, tenantSchema } from '@parley/config';
import { InvalidArgumentError } from 'commander';

/** Parses one BCP 47 tag into its canonical form; `auto` becomes `und`. */
export function languageArgument(text: string): string {
  const tag = canonicalLanguageTag(text.trim());
  if (tag === undefined) throw new InvalidArgumentError(`"${text}" is not a BCP 47 language tag such as en or pt-BR.`);
  return tag;
}

/** Parses a comma-separated list of target languages and removes duplicates. */
export function languagesArgument(text: string): string[] {
  const tags = [...new Set(text.split(',').map(languageArgument))];
  if (tags.includes(undeterminedLanguage)) throw new InvalidArgumentError('Name the languages to translate into.');
  if (tags.length > maxTargetLanguages) throw new InvalidArgumentError(`At most ${maxTargetLanguages} languages.`);
  return tags;
}

/** Returns a parser for numbers from `min` to `max`. */
export function numberArgument(min: number, max: number, kind: 'whole' | 'any' = 'any'): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const fits = text.trim() !== '' && value >= min && value <= max && (kind === 'any' || Number.isInteger(value));
    if (fits) return value;
    throw new InvalidArgumentError(`It must be a ${kind === 'whole' ? 'whole ' : ''}number from ${min} to ${max}.`);
  };
}

/** Parses a join code as somebody typed it. */
export function joinCodeArgument(text: string): string {
  const code = canonicalJoinCode(text);
  // It is sent as a part of a WebSocket subprotocol.
  if (/^\w{1,64}$/.test(code)) return code;
  throw new InvalidArgumentError('A join code consists of letters and digits.');
}

/** Parses the name of a room. */
export function roomArgument(text: string): string {
  const { success, data, error } = roomNameSchema.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError(`It ${error.issues[0]?.message ?? 'is not valid'}.`);
}

/** Parses the name of a tenant. */
export function tenantArgument(text: string): string {
  if (tenantSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('It must consist of 1 to 64 letters, digits, dots, hyphens and underscores.');
}

/** Parses an amount of money into millionths of the currency; `unlimited` is 0. */
export function budgetArgument(text: string): number {
  if (text === 'unlimited') return 0;
  const { success, data } = moneySchema.safeParse(text);
  if (success) return data;
  throw new InvalidArgumentError('It must be an amount of money above 0, such as 25 or 0.50, or `unlimited`.');
}
