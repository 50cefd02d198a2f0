import type { z } from 'zod';
import { clientMessageSchema, type ClientMessage, type ClientMessageType } from './client-message.ts';
import { errorCodes, type ErrorCode } from './error-code.ts';
import type { ErrorMessage } from './server-message.ts';

const knownTypes = new Set<string>(clientMessageSchema.options.map((option) => option.shape.type.value));

export type ParsedClientMessage = { ok: true; message: ClientMessage } | { ok: false; error: ErrorMessage };

/**
 * Parses one text frame of a client. Never throws: what is wrong comes back as the `error` message to send, which names
 * the field (`param`) and the message's `id` (`causedBy`) where they are known.
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
  const { type, id } = value as { type?: unknown; id?: unknown };
  const causedBy = typeof id === 'string' ? { causedBy: id } : {};
  if (typeof type !== 'string')
    return failed('invalid-field', 'type: must be a string', { param: 'type', ...causedBy });
  if (!isKnownType(type)) {
    return failed('unknown-type', `type: "${type.slice(0, 60)}" is not a message of this protocol`, {
      param: 'type',
      ...causedBy,
    });
  }
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return { ok: true, message: parsed.data };
  const issue = parsed.error.issues[0];
  const param = issue === undefined ? undefined : fieldPath(issue.path);
  const message = issue?.message ?? 'is not valid';
  if (param === undefined) return failed('invalid-field', message, causedBy);
  return failed('invalid-field', `${param}: ${message}`, { param, ...causedBy });
}

/** Builds an `error` message; whether it is retryable follows from its code. */
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

function failed(code: ErrorCode, message: string, where?: { param?: string; causedBy?: string }): ParsedClientMessage {
  return { ok: false, error: errorMessage(code, message, where) };
}

function isKnownType(type: string): type is ClientMessageType {
  return knownTypes.has(type);
}

function fieldPath(path: z.core.$ZodIssue['path']): string | undefined {
  return path.length === 0 ? undefined : path.map(String).join('.');
}
