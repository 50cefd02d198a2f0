import type { z } from 'zod';
import { longLists } from './list-bounds.ts';

/** An optional field, or entries of one, that could not be read and was ignored. */
export interface IgnoredField {
  /** The field, such as `speaker` or `glossary`. */
  readonly field: string;
  /** The path of the invalid value: the field, or an entry of it, such as `glossary.3`. */
  readonly param: string;
  /** What is wrong, and how the message was handled. */
  readonly message: string;
}

export type Fields = Record<string, unknown>;
/** What is wrong with a field. */
export type Issue = Pick<z.core.$ZodIssue, 'path' | 'message'>;
type ZodIssue = z.core.$ZodIssue;
type MessageSchema = z.ZodObject<Record<string, z.ZodType>>;

/**
 * Optional fields that are rejected instead of ignored: `session.update` would keep targets other than the requested
 * ones, show what a host believes to be off the record, or leave the session open to other listeners than its host wants,
 * `session.resume` would treat finals as safe that are not, and `transcript.correct` would correct another text.
 */
const neverIgnored = new Set([
  ...['targetLanguages', 'held', 'paused', 'room', 'joinCode'],
  ...['sessionId', 'targetLanguage', 'correctionId'],
]);

/** Each pass removes what it finds invalid: unreadable entries, then whole fields. The third pass finds nothing. */
const maxPasses = 3;

/** The schema of a message type and the names of its fields. */
export interface MessageReader<Schema extends MessageSchema = MessageSchema> {
  readonly schema: Schema;
  readonly fields: readonly string[];
  readonly optional: ReadonlySet<string>;
}

export function messageReader<Schema extends MessageSchema>(schema: Schema): MessageReader<Schema> {
  const fields = Object.keys(schema.shape);
  const optional = fields.filter((field) => schema.shape[field]?.safeParse(undefined).success);
  return { schema, fields, optional: new Set(optional) };
}

/**
 * Parses the fields of one message. An optional field that cannot be read is ignored; of a list, only the entries
 * that cannot be read or exceed its maximum length. `null` counts as a missing field.
 *
 * @returns the message and the ignored fields, or the issue of a field that the message requires
 */
export function parseFields<Schema extends MessageSchema>(
  { schema, fields: names, optional }: MessageReader<Schema>,
  raw: Fields,
): { ok: true; message: z.infer<Schema>; ignored: IgnoredField[] } | { ok: false; issue: Issue | undefined } {
  const fields = normalizeOptional(raw, names, optional);
  const ignored = new Map<string, IgnoredField>();
  const isRequired = (field: string): boolean => !optional.has(field) || neverIgnored.has(field);
  for (const { field, kept, message } of longLists(fields)) {
    const issue: Issue = { path: [field], message };
    if (isRequired(field)) return { ok: false, issue };
    fields[field] = kept;
    ignored.set(field, ignoredField(field, issue, true));
  }
  for (let pass = 1; ; pass++) {
    const parsed = schema.safeParse(fields);
    if (parsed.success) return { ok: true, message: parsed.data, ignored: [...ignored.values()] };
    const issues = parsed.error.issues.flatMap(entryIssues);
    const fatal = issues.find(({ path: [field] }) => isRequired(String(field)));
    if (fatal !== undefined || pass === maxPasses) return { ok: false, issue: fatal };
    for (const [field, wrong] of Map.groupBy(issues, ({ path }) => String(path[0]))) {
      const rest = pass < maxPasses - 1 ? validEntries(fields[field], wrong) : undefined;
      if (!ignored.has(field)) ignored.set(field, ignoredField(field, wrong[0], rest !== undefined));
      if (rest === undefined) Reflect.deleteProperty(fields, field);
      else fields[field] = rest;
    }
  }
}

/**
 * Accepts the notations that recognizers use for optional fields: a number for a name, a time as a string or a
 * fraction, `null` for a missing value.
 */
function normalizeOptional(raw: Fields, names: readonly string[], optional: ReadonlySet<string>): Fields {
  // Unknown fields may be many, and are not copied.
  const fields: Fields = {};
  for (const name of names) if (raw[name] !== undefined) fields[name] = raw[name];
  for (const field of optional) {
    const value = fields[field];
    if (value === null) Reflect.deleteProperty(fields, field);
    // Many recognizers number their speakers, and many clients their messages.
    if (Number.isFinite(value) && (field === 'speaker' || field === 'id')) fields[field] = String(value);
    if (value !== null && (field === 'startMs' || field === 'endMs')) fields[field] = wholeMs(value);
  }
  return fields;
}

function wholeMs(value: unknown): unknown {
  const isDecimal = typeof value === 'string' && /^\d{1,15}(\.\d{1,15})?$/.test(value);
  const number = isDecimal ? Number(value) : value;
  return typeof number === 'number' ? Math.round(number) : number;
}

/**
 * For a union of a list and another type: the issues of the list's entries instead of one issue for the whole union.
 */
function entryIssues(issue: ZodIssue): ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const listIssues = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
  );
  return listIssues?.map((entry) => ({ ...entry, path: [...issue.path, ...entry.path] })) ?? [issue];
}

/** The normalizeOptional entries of a list; `undefined` if the value itself is invalid. */
function validEntries(value: unknown, issues: readonly ZodIssue[]): unknown[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const wrong = new Set<PropertyKey>();
  for (const issue of issues) {
    const [, index] = issue.path;
    if (index === undefined) return undefined;
    wrong.add(index);
  }
  const entries: unknown[] = value;
  return entries.filter((_entry, index) => !wrong.has(index));
}

function ignoredField(field: string, issue: Issue | undefined, isOfEntries: boolean): IgnoredField {
  const param = issue === undefined ? field : issue.path.map(String).join('.');
  const what = isOfEntries ? 'invalid entries of the list were ignored' : 'the field was ignored';
  return { field, param, message: `${param}: ${issue?.message ?? 'is not valid'}; ${what}` };
}
