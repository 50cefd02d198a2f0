import { z } from 'zod';
import { errorCodes, type ErrorCode } from './error-code.ts';

const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);
const flagSchema = z.string();

/** Where the time of one translation went, in milliseconds; `totalMs` from the frame's arrival at the edge to its leaving. */
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
  resumeToken: z.string(),
  offset: z.number(),
  limits: limitsSchema,
});

const transcriptAcceptedSchema = z.object({ type: z.literal('transcript.accepted'), segmentId: z.number() });

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

export const usageSchema = z.object({
  segments: z.number(),
  translations: z.number(),
  cached: z.number(),
  tokens: z.number(),
});
export type SessionUsage = z.infer<typeof usageSchema>;

const sessionEndedSchema = z.object({ type: z.literal('session.ended'), usage: usageSchema });

const errorSchema = z.object({
  type: z.literal('error'),
  code: errorCodeSchema,
  message: z.string(),
  param: z.string().optional(),
  causedBy: z.string().optional(),
  retryable: z.boolean(),
});

const pongSchema = z.object({ type: z.literal('pong') });

/** Every message that the server may send. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  sessionStartedSchema,
  transcriptAcceptedSchema,
  translationPartialSchema,
  translationFinalSchema,
  translationFailedSchema,
  sessionEndedSchema,
  errorSchema,
  pongSchema,
]);

export type SessionStarted = z.infer<typeof sessionStartedSchema>;
export type TranscriptAccepted = z.infer<typeof transcriptAcceptedSchema>;
export type TranslationPartial = z.infer<typeof translationPartialSchema>;
export type TranslationFinal = z.infer<typeof translationFinalSchema>;
export type TranslationFailed = z.infer<typeof translationFailedSchema>;
export type SessionEnded = z.infer<typeof sessionEndedSchema>;
export type ErrorMessage = z.infer<typeof errorSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type ServerMessageType = ServerMessage['type'];
