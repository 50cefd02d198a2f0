import { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-code.ts';

const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);
const flagSchema = z.string();

/** Why a session's service is reduced: fewer partials, or finals with a longer delay. */
export const degradedReasonSchema = z.enum(['rate-limited', 'engine-down', 'overloaded', 'over-budget']);
export type DegradedReason = z.infer<typeof degradedReasonSchema>;

/**
 * The latency of one translation in milliseconds; `totalMs` runs from the frame's arrival at the edge until the
 * reply is sent.
 */
export const timingSchema = z.object({ queueMs: z.number(), engineMs: z.number(), totalMs: z.number() });
export type Timing = z.infer<typeof timingSchema>;

const spokenShape = {
  startMs: z.number().optional(),
  endMs: z.number().optional(),
  speaker: z.string().optional(),
};

export const limitsSchema = z.object({
  maxFrameBytes: z.number(),
  maxTextChars: z.number(),
  maxTargetLanguages: z.number(),
});

const sessionStartedSchema = z.object({
  type: z.literal('session.started'),
  sessionId: z.string(),
  joinCode: z.string(),
  /** Set if the code belongs to a room that is closed: nobody can join by it until it is opened. */
  joinCodeClosed: z.literal(true).optional(),
  resumeToken: z.string(),
  offset: z.number(),
  unsupportedLanguages: z.array(z.string()).optional(),
  limits: limitsSchema,
});

const sessionResumedSchema = z.object({
  type: z.literal('session.resumed'),
  sessionId: z.string(),
  offset: z.number(),
  recovered: z.boolean(),
  accepted: z.array(z.number()),
  missing: z.array(z.number()),
  resumeToken: z.string(),
});

const sessionJoinedSchema = z.object({
  type: z.literal('session.joined'),
  sessionId: z.string(),
  sourceLanguage: z.string(),
  /** Missing if the server is older and does not match tags. */
  targetLanguages: z.array(z.string()).optional(),
  unsupportedLanguages: z.array(z.string()).optional(),
  offset: z.number(),
  recovered: z.boolean(),
});

/** The answer to a `session.update` with `joinCode`. */
const sessionUpdatedSchema = z.object({
  type: z.literal('session.updated'),
  /** The code by which listeners can join now; missing if they can't. */
  joinCode: z.string().optional(),
});

const sessionResyncSchema = z.object({ type: z.literal('session.resync') });

const sessionDegradedSchema = z.object({ type: z.literal('session.degraded'), reason: degradedReasonSchema });
const sessionRecoveredSchema = z.object({ type: z.literal('session.recovered'), reason: degradedReasonSchema });

const sessionPausedSchema = z.object({ type: z.literal('session.paused') });
const sessionUnpausedSchema = z.object({ type: z.literal('session.unpaused') });

/** Who listens, to the speaker only. A listener of several languages counts once for each of them. */
const sessionListenersSchema = z.object({
  type: z.literal('session.listeners'),
  listeners: z.number(),
  languages: z.array(z.object({ language: z.string(), listeners: z.number() })),
});

const transcriptAcceptedSchema = z.object({ type: z.literal('transcript.accepted'), segmentId: z.number() });

const transcriptPartialSchema = z.object({
  type: z.literal('transcript.partial'),
  segmentId: z.number(),
  revision: z.number(),
  text: z.string(),
  language: z.string(),
  ...spokenShape,
});

const transcriptFinalSchema = z.object({
  type: z.literal('transcript.final'),
  segmentId: z.number(),
  text: z.string(),
  language: z.string(),
  offset: z.number(),
  ...spokenShape,
});

const translationPartialSchema = z.object({
  type: z.literal('translation.partial'),
  segmentId: z.number(),
  revision: z.number(),
  targetLanguage: z.string(),
  concluded: z.string(),
  tentative: z.string(),
  timing: timingSchema,
  flags: z.array(flagSchema).optional(),
  ...spokenShape,
});

const translationFinalSchema = z.object({
  type: z.literal('translation.final'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  text: z.string(),
  offset: z.number(),
  cached: z.boolean(),
  timing: timingSchema,
  flags: z.array(flagSchema).optional(),
  ...spokenShape,
});

const translationFailedSchema = z.object({
  type: z.literal('translation.failed'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  offset: z.number(),
  code: errorCodeSchema,
  message: z.string(),
});

const correctionAcceptedSchema = z.object({
  type: z.literal('correction.accepted'),
  segmentId: z.number(),
  targetLanguage: z.string().optional(),
  correctionId: z.string().optional(),
});

const transcriptCorrectedSchema = z.object({
  type: z.literal('transcript.corrected'),
  segmentId: z.number(),
  text: z.string(),
  language: z.string(),
  offset: z.number(),
  ...spokenShape,
});

const translationCorrectedSchema = z.object({
  type: z.literal('translation.corrected'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  text: z.string(),
  offset: z.number(),
  flags: z.array(flagSchema).optional(),
  ...spokenShape,
});

export const usageSchema = z.object({
  segments: z.number(),
  translations: z.number(),
  cached: z.number(),
  tokens: z.number(),
});
export type SessionUsage = z.infer<typeof usageSchema>;

/** How still a session's captions were, over all segments and targets. A figure without anything to divide by is missing. */
const sessionStabilitySchema = z.object({
  normalizedErasure: z.number().optional(),
  finalErasure: z.number().optional(),
  unitsBehind: z.number().optional(),
  coverage: z.number().optional(),
  contradicted: z.number().optional(),
});
export type SessionStability = z.infer<typeof sessionStabilitySchema>;

const sessionEndedSchema = z.object({
  type: z.literal('session.ended'),
  usage: usageSchema,
  stability: sessionStabilitySchema.optional(),
});

const errorSchema = z.object({
  type: z.literal('error'),
  code: errorCodeSchema,
  message: z.string(),
  param: z.string().optional(),
  causedBy: z.string().optional(),
  retryable: z.boolean(),
  /** In how many milliseconds the message should be sent again, if the server knows. */
  retryAfterMs: z.number().optional(),
});

/** Information for a client about a message that was not refused. */
const noticeSchema = z.object({
  type: z.literal('notice'),
  code: z.string(),
  message: z.string(),
  param: z.string().optional(),
  causedBy: z.string().optional(),
});

const pongSchema = z.object({ type: z.literal('pong') });

/** All messages that the server may send. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  sessionStartedSchema,
  sessionResumedSchema,
  sessionJoinedSchema,
  sessionUpdatedSchema,
  sessionResyncSchema,
  sessionDegradedSchema,
  sessionRecoveredSchema,
  sessionPausedSchema,
  sessionUnpausedSchema,
  sessionListenersSchema,
  transcriptAcceptedSchema,
  transcriptPartialSchema,
  transcriptFinalSchema,
  translationPartialSchema,
  translationFinalSchema,
  translationFailedSchema,
  correctionAcceptedSchema,
  transcriptCorrectedSchema,
  translationCorrectedSchema,
  sessionEndedSchema,
  errorSchema,
  noticeSchema,
  pongSchema,
]);

export type SessionStarted = z.infer<typeof sessionStartedSchema>;
export type SessionResumed = z.infer<typeof sessionResumedSchema>;
export type SessionJoined = z.infer<typeof sessionJoinedSchema>;
export type SessionListeners = z.infer<typeof sessionListenersSchema>;
export type SessionUpdated = z.infer<typeof sessionUpdatedSchema>;
export type TranscriptAccepted = z.infer<typeof transcriptAcceptedSchema>;
/** The transcript itself, sent to listeners of the source language. */
export type SourcePartial = z.infer<typeof transcriptPartialSchema>;
export type SourceFinal = z.infer<typeof transcriptFinalSchema>;
export type TranslationPartial = z.infer<typeof translationPartialSchema>;
export type TranslationFinal = z.infer<typeof translationFinalSchema>;
export type TranslationFailed = z.infer<typeof translationFailedSchema>;
export type CorrectionAccepted = z.infer<typeof correctionAcceptedSchema>;
/** Another text of a settled segment. */
export type SourceCorrected = z.infer<typeof transcriptCorrectedSchema>;
/** Another translation of a settled segment. */
export type TranslationCorrected = z.infer<typeof translationCorrectedSchema>;
export type SessionEnded = z.infer<typeof sessionEndedSchema>;
export type ErrorMessage = z.infer<typeof errorSchema>;
export type Notice = z.infer<typeof noticeSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type ServerMessageType = ServerMessage['type'];
