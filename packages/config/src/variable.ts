import { z } from 'zod';

/** The processes that read the environment. */
export type ProcessName = 'up' | 'edge' | 'worker' | 'engine' | 'dashboard';

export const everyProcess: readonly ProcessName[] = ['up', 'edge', 'worker', 'engine', 'dashboard'];

/** One environment variable: how it is parsed, what it is when unset, and what the documentation says of it. */
export interface Variable<Value = unknown> {
  readonly schema: z.ZodType<Value, string>;
  /** The text that stands for an unset variable; `undefined` where unset has a meaning of its own. */
  readonly fallback: string | undefined;
  /** What is allowed, in words: part of every error. */
  readonly allowed: string;
  readonly description: string;
  readonly readBy: readonly ProcessName[];
  /** A secret's value never appears in an error or a log. */
  readonly secret?: true;
  /** A schema for a value that names other variables; it stands for `schema`. Its errors say which field is wrong. */
  readonly schemaWithin?: (environment: Readonly<Record<string, string | undefined>>) => z.ZodType<Value, string>;
}

interface Documentation {
  readonly description: string;
  readonly readBy: readonly ProcessName[];
}

/** A whole number between two bounds, both included. */
export function integer(range: { min: number; max: number; fallback: number }, about: Documentation): Variable<number> {
  return {
    schema: z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number)
      .pipe(z.int().min(range.min).max(range.max)),
    fallback: String(range.fallback),
    allowed: `a whole number from ${range.min} to ${range.max}`,
    ...about,
  };
}

/** One word out of a list. */
export function choice<const Word extends string>(
  words: readonly [Word, ...Word[]],
  fallback: NoInfer<Word>,
  about: Documentation,
): Variable<Word> {
  return { schema: z.enum(words), fallback, allowed: `one of ${words.join(', ')}`, ...about };
}

/** `on` or `off`. */
export function toggle(fallback: 'on' | 'off', about: Documentation): Variable<boolean> {
  return {
    schema: z.enum(['on', 'off']).transform((word) => word === 'on'),
    fallback,
    allowed: 'on or off',
    ...about,
  };
}

/** A text that must not be empty; optional unless it has a fallback. */
export function text(about: Documentation & { allowed: string; fallback: string }): Variable<string> {
  const { fallback, ...rest } = about;
  return { schema: z.string().min(1), fallback, ...rest };
}

/** A value with a schema of its own. */
export function custom<Value>(
  schema: z.ZodType<Value, string>,
  fallback: string,
  about: Documentation & { allowed: string },
): Variable<Value> {
  return { schema, fallback, ...about };
}

/** A value that may be left unset, parsed by a schema of its own. */
export function optional<Value>(
  schema: z.ZodType<Value, string>,
  about: Documentation & { allowed: string; secret?: true },
): Variable<Value | undefined> {
  return { schema, fallback: undefined, ...about };
}
