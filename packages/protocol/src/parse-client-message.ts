import { dropContradictoryFields } from './contradictory-fields.ts';
import { clientMessageSchema, maxIdChars, type ClientMessage, type ClientMessageType } from './client-message.ts';
import { errorCodes, type ErrorCode } from './error-code.ts';
import { isDeeperThan } from './json-depth.ts';
import { messageReader, parseFields, type Fields, type IgnoredField, type Issue } from './optional-fields.ts';
import { prefixLength } from './prefix-length.ts';
import type { ErrorMessage, Notice } from './server-message.ts';

const readers = new Map(
  clientMessageSchema.options.map((schema) => [schema.shape.type.value as string, messageReader(schema)]),
);

/** The messages of this protocol need three levels; unknown fields may have some more. */
const maxDepth = 16;
/** Shorter frames are parsed at once. */
const minCheckedChars = 4096;

/** Some encoders write it first; JSON parsers may ignore it (RFC 8259, section 8.1). */
const byteOrderMark = '\ufeff';

/** What a client that may only listen may send. */
const listenerTypes: ReadonlySet<string> = new Set<ClientMessageType>(['session.join', 'ping']);

export interface ParseBounds {
  /** The longest text of a transcript in UTF-16 code units; of a longer one nothing else is read. */
  readonly maxTextChars: number;
  /** Whether the client may only listen; then nothing is read of messages that it may not send, but their `id`. */
  readonly isListener?: boolean;
}

export type ParsedClientMessage =
  { ok: true; message: ClientMessage; ignored: readonly IgnoredField[] } | { ok: false; error: ErrorMessage };

/**
 * Parses one text frame of a client. Never throws: an invalid frame returns the `error` message to send, which names
 * the field (`param`) and the message's `id` (`causedBy`) if they are known. Optional fields that cannot be read are
 * left out of the message and listed in `ignored`.
 */
export function parseClientMessage(
  frame: string,
  { maxTextChars, isListener = false }: ParseBounds = { maxTextChars: Infinity },
): ParsedClientMessage {
  if (frame.length > minCheckedChars && isDeeperThan(maxDepth, frame)) {
    return failed('invalid-field', 'the frame has lists or objects within too many others');
  }
  let value: unknown;
  try {
    value = JSON.parse(frame.startsWith(byteOrderMark) ? frame.slice(1) : frame);
  } catch {
    return failed('not-json', 'the frame is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return failed('not-an-object', 'the frame must be one JSON object');
  }
  const fields = value as Fields;
  const { type } = fields;
  const causedBy = idOf(fields['id']);
  if (typeof type !== 'string') return failed('invalid-field', 'type: must be a string', { param: 'type', causedBy });
  const reader = readers.get(type);
  if (reader === undefined) {
    const message = `type: "${type.slice(0, 60)}" is not a message of this protocol`;
    return failed('unknown-type', message, { param: 'type', causedBy });
  }
  if (isListener && !listenerTypes.has(type)) {
    return failed('listen-only', 'a listener may only join and ping', { causedBy });
  }
  const { text } = fields;
  if (reader.fields.includes('text') && typeof text === 'string' && text.length > maxTextChars) {
    const message = `the text has ${text.length} characters; at most ${maxTextChars} are allowed`;
    return failed('text-too-long', message, { param: 'text', causedBy });
  }
  const parsed = parseFields(reader, fields);
  if (parsed.ok) {
    const { message, ignored } = dropContradictoryFields(parsed.message);
    return { ok: true, message, ignored: [...parsed.ignored, ...ignored] };
  }
  const { issue } = parsed;
  const param = issue === undefined ? undefined : fieldPath(issue.path);
  const message = issue?.message ?? 'is not valid';
  return failed('invalid-field', param === undefined ? message : `${param}: ${message}`, { param, causedBy });
}

/**
 * Builds an `error` message; `retryable` follows from the code.
 *
 * @param where.retryAfterMs in how many milliseconds the message should be sent again
 */
export function errorMessage(
  code: ErrorCode,
  message: string,
  where: { param?: string | undefined; causedBy?: string | undefined; retryAfterMs?: number | undefined } = {},
): ErrorMessage {
  return {
    type: 'error',
    code,
    message,
    ...(where.param === undefined ? {} : { param: where.param }),
    ...(where.causedBy === undefined ? {} : { causedBy: where.causedBy }),
    retryable: errorCodes[code].retryable,
    ...(where.retryAfterMs === undefined ? {} : { retryAfterMs: where.retryAfterMs }),
  };
}

/** Builds the notice that a field, or entries of one, were ignored. */
export function ignoredNotice({ param, message }: IgnoredField, causedBy: string | undefined): Notice {
  return { type: 'notice', code: 'field-ignored', message, param, ...(causedBy === undefined ? {} : { causedBy }) };
}

function failed(
  code: ErrorCode,
  message: string,
  where?: { param?: string | undefined; causedBy?: string | undefined },
): ParsedClientMessage {
  return { ok: false, error: errorMessage(code, message, where) };
}

function idOf(id: unknown): string | undefined {
  if (typeof id === 'number') return String(id);
  return typeof id === 'string' ? id.slice(0, prefixLength(id, maxIdChars)) : undefined;
}

function fieldPath(path: Issue['path']): string | undefined {
  return path.length === 0 ? undefined : path.map(String).join('.');
}
