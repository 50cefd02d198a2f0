import type { z } from 'zod';
import { dropContradictoryFields } from './contradictory-fields.ts';
import { clientMessageSchema, maxIdChars, type ClientMessage } from './client-message.ts';
import { errorCodes, type ErrorCode } from './error-code.ts';
import { messageReader, parseFields, type Fields, type IgnoredField } from './optional-fields.ts';
import type { ErrorMessage, Notice } from './server-message.ts';

const readers = new Map(
  clientMessageSchema.options.map((schema) => [schema.shape.type.value as string, messageReader(schema)]),
);

export type ParsedClientMessage =
  { ok: true; message: ClientMessage; ignored: readonly IgnoredField[] } | { ok: false; error: ErrorMessage };

/**
 * Parses one text frame of a client. Never throws: an invalid frame returns the `error` message to send, which names
 * the field (`param`) and the message's `id` (`causedBy`) if they are known. Optional fields that cannot be read are
 * left out of the message and listed in `ignored`.
 */
export function parseClientMessage(frame: string): ParsedClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(frame);
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

/** Builds an `error` message; `retryable` follows from the code. */
export function errorMessage(
  code: ErrorCode,
  message: string,
  where: { param?: string | undefined; causedBy?: string | undefined } = {},
): ErrorMessage {
  return {
    type: 'error',
    code,
    message,
    ...(where.param === undefined ? {} : { param: where.param }),
    ...(where.causedBy === undefined ? {} : { causedBy: where.causedBy }),
    retryable: errorCodes[code].retryable,
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
  return typeof id === 'string' && id.length <= maxIdChars ? id : undefined;
}

function fieldPath(path: z.core.$ZodIssue['path']): string | undefined {
  return path.length === 0 ? undefined : path.map(String).join('.');
}
