/** Whether a parsed JSON value has a type. Small checks, because a schema library is larger than the whole client. */
export type Check<Value> = (value: unknown) => value is Value;

/** A check for every field of an object; a field that is missing here does not compile. */
export type FieldChecks<Fields> = { readonly [Name in keyof Fields]-?: Check<Fields[Name]> };

export const isText: Check<string> = (value) => typeof value === 'string';
export const isNumber: Check<number> = (value): value is number => Number.isFinite(value);
export const isBoolean: Check<boolean> = (value) => typeof value === 'boolean';

export function optional<Value>(check: Check<Value>): Check<Value | undefined> {
  return (value): value is Value | undefined => value === undefined || check(value);
}

export function listOf<Value>(check: Check<Value>): Check<Value[]> {
  return (value): value is Value[] => Array.isArray(value) && value.every(check);
}

export function objectOf<Fields extends object>(checks: FieldChecks<Fields>): Check<Fields> {
  return (value): value is Fields => isObject(value) && invalidField(value, checks) === undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns the name of the first field that is missing or has another type */
export function invalidField(
  value: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check<unknown>>>,
): string | undefined {
  return Object.keys(checks).find((name) => checks[name]?.(value[name]) !== true);
}
