import type { z } from 'zod';

/** An optional field of a message, or entries of one, that could not be read: the message was handled without it. */
export interface IgnoredField {
  /** The field, such as `speaker` or `glossary`. */
  readonly field: string;
  /** Where it is wrong: the field, or an entry of it, such as `glossary.3`. */
  readonly param: string;
  /** What was wrong, and what counts instead. */
  readonly message: string;
}

export type Fields = Record<string, unknown>;
type Issue = z.core.$ZodIssue;
type MessageSchema = z.ZodObject<Record<string, z.ZodType>>;

/**
 * May be missing, but are never left out where they are given: `session.update` would go on with other targets than were
 * asked for, and `session.resume` would call finals safe that are not.
 */
const neverIgnored = new Set(['targetLanguages', 'held']);

/**
 * Each pass leaves out what it finds wrong: the entries of a list beyond its longest length, those that can't be read, then
 * whole fields. The fourth finds nothing.
 */
const passes = 4;

/** How one type of message is read. */
export interface MessageReader<Schema extends MessageSchema = MessageSchema> {
  readonly schema: Schema;
  readonly optional: ReadonlySet<string>;
}

export function messageReader<Schema extends MessageSchema>(schema: Schema): MessageReader<Schema> {
  const optional = Object.keys(schema.shape).filter((field) => schema.shape[field]?.safeParse(undefined).success);
  return { schema, optional: new Set(optional) };
}

/**
 * Parses the fields of one message. An optional field that can't be read is left out; of a list only the entries that
 * can't be read, or those beyond its longest length. `null` is the same as a missing field.
 *
 * @returns the message and what was left out, or the issue of a field that the message can't be handled without
 */
export function parseFields<Schema extends MessageSchema>(
  { schema, optional }: MessageReader<Schema>,
  raw: Fields,
): { ok: true; message: z.infer<Schema>; ignored: IgnoredField[] } | { ok: false; issue: Issue | undefined } {
  const fields = readable(raw, optional);
  const ignored = new Map<string, IgnoredField>();
  for (let pass = 1; ; pass++) {
    const parsed = schema.safeParse(fields);
    if (parsed.success) return { ok: true, message: parsed.data, ignored: [...ignored.values()] };
    const issues = parsed.error.issues.flatMap(issuesOfEntries);
    const fatal = issues.find(({ path: [field] }) => !optional.has(String(field)) || neverIgnored.has(String(field)));
    if (fatal !== undefined || pass === passes) return { ok: false, issue: fatal };
    for (const [field, wrong] of Map.groupBy(issues, ({ path }) => String(path[0]))) {
      const rest = pass < passes - 1 ? readableEntries(fields[field], wrong) : undefined;
      if (!ignored.has(field)) ignored.set(field, ignoredField(field, wrong[0], rest !== undefined));
      if (rest === undefined) Reflect.deleteProperty(fields, field);
      else fields[field] = rest;
    }
  }
}

/** Reads optional fields as recognisers send them: a number for a name, a time in words or in fractions, `null` for nothing. */
function readable(raw: Fields, optional: ReadonlySet<string>): Fields {
  const fields = { ...raw };
  for (const field of optional) {
    const value = fields[field];
    if (value === null) Reflect.deleteProperty(fields, field);
    // Many recognisers count speakers, and many clients their messages.
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

/** A list where something else would do too: the issues of its entries, instead of one that says that neither fits. */
function issuesOfEntries(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const ofList = issue.errors.find((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code !== 'invalid_type'),
  );
  return ofList?.map((entry) => ({ ...entry, path: [...issue.path, ...entry.path] })) ?? [issue];
}

/** The entries of a list that can be read; `undefined` where it is the value itself that is wrong. */
function readableEntries(value: unknown, issues: readonly Issue[]): unknown[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const wrong = new Set<PropertyKey>();
  let longest = Infinity;
  for (const issue of issues) {
    const [, index] = issue.path;
    if (index !== undefined) wrong.add(index);
    else if (issue.code === 'too_big') longest = Number(issue.maximum);
    else return undefined;
  }
  const entries: unknown[] = value;
  return entries.filter((_entry, index) => !wrong.has(index)).slice(0, longest);
}

function ignoredField(field: string, issue: Issue | undefined, isOfEntries: boolean): IgnoredField {
  const param = issue === undefined ? field : issue.path.map(String).join('.');
  const what = isOfEntries ? 'what can not be read of the list was left out' : 'it was left out';
  return { field, param, message: `${param}: ${issue?.message ?? 'is not valid'}; ${what}` };
}
