import { z } from 'zod';

/** The processes that read the environment. */
export type ProcessName = 'up' | 'edge' | 'worker' | 'engine' | 'dashboard';

export const everyProcess: readonly ProcessName[] = ['up', 'edge', 'worker', 'engine', 'dashboard'];

/** An environment variable: its parser, its default and its documentation. */
export interface Variable<Value = unknown> {
  readonly schema: z.ZodType<Value, string>;
  /** The text used if the variable is unset; `undefined` if unset has a meaning of its own. */
  readonly fallback: string | undefined;
  /** The allowed values, in words. Part of every error message. */
  readonly allowed: string;
  readonly description: string;
  readonly readBy: readonly ProcessName[];
  /** The value never appears in an error or a log. */
  readonly secret?: true;
  /** Replaces `schema` for a value that refers to other variables. Its errors name the invalid field. */
  readonly schemaWithin?: (environment: Readonly<Record<string, string | undefined>>) => z.ZodType<Value, string>;
}

interface Documentation {
  readonly description: string;
  readonly readBy: readonly ProcessName[];
}

/** A whole number in an inclusive range. */
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

/** One of a list of values. */
export function choice<const Value extends string>(
  values: readonly [Value, ...Value[]],
  fallback: NoInfer<Value>,
  about: Documentation,
): Variable<Value> {
  return { schema: z.enum(values), fallback, allowed: `one of ${values.join(', ')}`, ...about };
}

/** `on` or `off`. */
export function toggle(fallback: 'on' | 'off', about: Documentation): Variable<boolean> {
  return {
    schema: z.enum(['on', 'off']).transform((value) => value === 'on'),
    fallback,
    allowed: 'on or off',
    ...about,
  };
}

/** A text that must not be empty. */
export function text(about: Documentation & { allowed: string; fallback: string }): Variable<string> {
  const { fallback, ...rest } = about;
  return { schema: z.string().min(1), fallback, ...rest };
}

/** A value with its own schema and a default. */
export function custom<Value>(
  schema: z.ZodType<Value, string>,
  fallback: string,
  about: Documentation & { allowed: string },
): Variable<Value> {
  return { schema, fallback, ...about };
}

/** A value with its own schema that may be unset. */
export function optional<Value>(
  schema: z.ZodType<Value, string>,
  about: Documentation & { allowed: string; secret?: true },
): Variable<Value | undefined> {
  return { schema, fallback: undefined, ...about };
}
