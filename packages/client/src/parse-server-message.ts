import type { ErrorCode, DegradedReason, ServerMessage, ServerMessageType } from '@parley/protocol';
import {
  invalidField,
  isBoolean,
  isNumber,
  isObject,
  isText,
  listOf,
  objectOf,
  optional,
  type Check,
  type FieldChecks,
} from './checks.ts';
import { UnreadableFrameError } from './errors.ts';

type MessageChecks = {
  readonly [Type in ServerMessageType]: FieldChecks<Omit<Extract<ServerMessage, { type: Type }>, 'type'>>;
};

/** A newer server may have further codes and reasons, which must not end the session of an older client. */
const isErrorCode = isText as Check<ErrorCode>;
const isReason = isText as Check<DegradedReason>;

const spoken = { startMs: optional(isNumber), endMs: optional(isNumber), speaker: optional(isText) };
const source = { segmentId: isNumber, text: isText, language: isText, ...spoken };
const translation = {
  segmentId: isNumber,
  targetLanguage: isText,
  timing: objectOf({ queueMs: isNumber, engineMs: isNumber, totalMs: isNumber }),
  flags: optional(listOf(isText)),
  ...spoken,
};
const about = { message: isText, param: optional(isText), causedBy: optional(isText) };

const messageChecks: MessageChecks = {
  'session.started': {
    sessionId: isText,
    joinCode: isText,
    joinCodeClosed: optional(isBoolean as Check<true>),
    resumeToken: isText,
    offset: isNumber,
    unsupportedLanguages: optional(listOf(isText)),
    limits: objectOf({ maxFrameBytes: isNumber, maxTextChars: isNumber, maxTargetLanguages: isNumber }),
  },
  'session.resumed': {
    sessionId: isText,
    offset: isNumber,
    recovered: isBoolean,
    accepted: listOf(isNumber),
    missing: listOf(isNumber),
    resumeToken: isText,
  },
  'session.joined': {
    sessionId: isText,
    sourceLanguage: isText,
    targetLanguages: optional(listOf(isText)),
    unsupportedLanguages: optional(listOf(isText)),
    offset: isNumber,
    recovered: isBoolean,
  },
  'session.updated': { joinCode: optional(isText) },
  'session.resync': {},
  'session.degraded': { reason: isReason },
  'session.recovered': { reason: isReason },
  'session.paused': {},
  'session.unpaused': {},
  'session.listeners': { listeners: isNumber, languages: listOf(objectOf({ language: isText, listeners: isNumber })) },
  'transcript.accepted': { segmentId: isNumber },
  'transcript.partial': { ...source, revision: isNumber },
  'transcript.final': { ...source, offset: isNumber },
  'translation.partial': { ...translation, revision: isNumber, concluded: isText, tentative: isText },
  'translation.final': { ...translation, text: isText, offset: isNumber, cached: isBoolean },
  'translation.failed': {
    segmentId: isNumber,
    targetLanguage: isText,
    offset: isNumber,
    code: isErrorCode,
    message: isText,
  },
  'correction.accepted': {
    segmentId: isNumber,
    targetLanguage: optional(isText),
    correctionId: optional(isText),
  },
  'transcript.corrected': { ...source, offset: isNumber },
  'translation.corrected': {
    segmentId: isNumber,
    targetLanguage: isText,
    text: isText,
    offset: isNumber,
    flags: optional(listOf(isText)),
    ...spoken,
  },
  'session.ended': {
    usage: objectOf({ segments: isNumber, translations: isNumber, cached: isNumber, tokens: isNumber }),
    stability: optional(
      objectOf({
        normalizedErasure: optional(isNumber),
        finalErasure: optional(isNumber),
        unitsBehind: optional(isNumber),
        coverage: optional(isNumber),
        contradicted: optional(isNumber),
      }),
    ),
  },
  error: { code: isErrorCode, retryable: isBoolean, retryAfterMs: optional(isNumber), ...about },
  notice: { code: isText, ...about },
  pong: {},
};

/**
 * Parses one text frame of the server. Fields that are unknown are kept, messages of an unknown type, which a newer
 * server may send, are ignored.
 *
 * @returns `undefined` for an unknown type
 * @throws UnreadableFrameError that names the field, if the frame is not a message of the protocol
 */
export function parseServerMessage(frame: string): ServerMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch (cause) {
    throw new UnreadableFrameError('the server sent a frame that is not JSON', { cause });
  }
  if (!isObject(value)) throw new UnreadableFrameError('the server sent a frame that is not a JSON object');
  const { type } = value;
  if (typeof type !== 'string') throw invalid('type');
  if (!Object.hasOwn(messageChecks, type)) return undefined;
  const field = invalidField(value, messageChecks[type as ServerMessageType]);
  if (field !== undefined) throw invalid(field, type);
  return value as ServerMessage;
}

function invalid(field: string, type?: string): UnreadableFrameError {
  const what = type ?? 'a message';
  return new UnreadableFrameError(`the server sent ${what} with a missing or invalid field: ${field}`);
}
