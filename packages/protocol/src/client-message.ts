import { z } from 'zod';
import { languageTagSchema, targetLanguageSchema } from './language-tag-schema.ts';

/** The maximum number of target languages of a session. */
export const maxTargetLanguages = 20;

/** How many entries each list may have. Longer ones are found by their length, before any entry is looked at. */
export const maxEntries = {
  targetLanguages: maxTargetLanguages,
  glossary: 500,
  listenerLanguages: 200,
  /** Finals that a client may list in `session.resume`; twice as many as a session knows apart. */
  held: 2048,
} as const;

/** How long all terms of a glossary together may be, in UTF-16 code units. */
export const maxGlossaryChars = 50_000;

/** A segment ID or revision: a non-negative integer that a JavaScript number represents exactly. */
const countingNumber = z.int('must be an integer from 0').min(0, 'must be an integer from 0');
const offsetMs = z.number().min(0);

/** A text for people. Half of a surrogate pair has no form in UTF-8, so it becomes U+FFFD here, not in some later step. */
function textSchema(error?: string) {
  return z.string(error).overwrite((text) => text.toWellFormed());
}

const glossaryEntrySchema = z.object({ source: textSchema().min(1).max(200), target: textSchema().min(1).max(200) });

/** Canonicalizes and deduplicates language tags. */
function languagesSchema(tagSchema: typeof languageTagSchema) {
  return z
    .array(tagSchema)
    .min(1)
    .max(maxEntries.targetLanguages)
    .transform((tags) => [...new Set(tags)]);
}

/**
 * How still a caption holds. `off`: every translation is shown as the engine made it, except that text that is
 * concluded already stays. `balanced`: what will probably stay is shown, and concluded once that is almost certain. `high`:
 * only concluded text is shown.
 */
export const stabilitySchema = z.enum(['off', 'balanced', 'high']);
export type StabilitySetting = z.infer<typeof stabilitySchema>;

const sessionOptionShape = {
  targetLanguages: languagesSchema(targetLanguageSchema),
  glossary: z.array(glossaryEntrySchema).max(maxEntries.glossary),
  context: textSchema().max(2000),
  useHistory: z.boolean(),
  formality: z.enum(['default', 'formal', 'informal']),
  stability: stabilitySchema,
  ordered: z.boolean(),
  class: z.enum(['live', 'bulk']),
  listenerLanguages: z.union([z.array(targetLanguageSchema).max(maxEntries.listenerLanguages), z.int().min(0)], {
    error: 'must be a list of BCP 47 language tags such as ["en", "pt-BR"], or how many there may be',
  }),
};

/** The options of a session; stored with it and changed by `session.update`. */
export const sessionOptionsSchema = z.object({
  targetLanguages: sessionOptionShape.targetLanguages,
  glossary: sessionOptionShape.glossary.default([]),
  context: sessionOptionShape.context.optional(),
  useHistory: sessionOptionShape.useHistory.default(false),
  formality: sessionOptionShape.formality.default('default'),
  stability: sessionOptionShape.stability.optional(),
  ordered: sessionOptionShape.ordered.default(false),
  class: sessionOptionShape.class.default('live'),
  listenerLanguages: sessionOptionShape.listenerLanguages.optional(),
});
export type SessionOptions = z.infer<typeof sessionOptionsSchema>;

/** The name of a room. */
export const roomNameSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'must consist of 1 to 64 lower-case letters, digits and hyphens');

/** What `session.update` may do to the session's join code. */
export const joinCodeChangeSchema = z.enum(['change', 'close', 'open']);
export type JoinCodeChange = z.infer<typeof joinCodeChangeSchema>;

/** The maximum length of a message's `id`, in characters. */
export const maxIdChars = 200;
const id = z.string().max(maxIdChars).optional();

export const sessionStartSchema = sessionOptionsSchema.extend({
  type: z.literal('session.start'),
  id,
  sourceLanguage: languageTagSchema,
  /** The room whose join code the session takes; each room of a tenant has one. */
  room: roomNameSchema.optional(),
});

export const sessionUpdateSchema = z
  .object(sessionOptionShape)
  .partial()
  .extend({
    type: z.literal('session.update'),
    id,
    /** While true, partials are ignored and new finals refused. */
    paused: z.boolean().optional(),
    joinCode: joinCodeChangeSchema.optional(),
  });

const offset = z.int().min(0);

export const sessionResumeSchema = z.object({
  type: z.literal('session.resume'),
  id,
  sessionId: z.string().min(1).max(100),
  resumeToken: z.string().min(1).max(200),
  offset,
  held: z.array(countingNumber).max(maxEntries.held).optional(),
});

export const sessionJoinSchema = z.object({
  type: z.literal('session.join'),
  id,
  joinCode: z.string().min(1).max(100),
  /** The session's source language selects the transcript itself, even if it is `und`. */
  targetLanguages: languagesSchema(languageTagSchema),
  offset: offset.optional(),
});

const transcriptShape = {
  id,
  segmentId: countingNumber,
  text: textSchema('must be a string'),
  language: languageTagSchema.optional(),
  startMs: offsetMs.optional(),
  endMs: offsetMs.optional(),
  speaker: textSchema().max(200).optional(),
};

export const transcriptPartialSchema = z.object({
  type: z.literal('transcript.partial'),
  ...transcriptShape,
  revision: countingNumber,
  stable: textSchema().optional(),
});

export const transcriptFinalSchema = z.object({ type: z.literal('transcript.final'), ...transcriptShape });

/** The maximum length of a `correctionId`, in characters. */
const maxCorrectionIdChars = 100;

export const transcriptCorrectSchema = z.object({
  type: z.literal('transcript.correct'),
  id,
  /** The session; may be missing on a connection that owns or joined it. */
  sessionId: z.string().min(1).max(100).optional(),
  segmentId: countingNumber,
  /** The translation to correct; if missing, the transcript is corrected and translated anew. */
  targetLanguage: targetLanguageSchema.optional(),
  text: textSchema('must be a string'),
  /** Names the correction, so that sending it again changes nothing. */
  correctionId: z.string().min(1).max(maxCorrectionIdChars).optional(),
});

export const sessionEndSchema = z.object({ type: z.literal('session.end'), id });

export const pingSchema = z.object({ type: z.literal('ping'), id });

/** All messages that a client may send. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  sessionStartSchema,
  sessionResumeSchema,
  sessionJoinSchema,
  sessionUpdateSchema,
  transcriptPartialSchema,
  transcriptFinalSchema,
  transcriptCorrectSchema,
  sessionEndSchema,
  pingSchema,
]);

export type SessionStart = z.infer<typeof sessionStartSchema>;
export type SessionResume = z.infer<typeof sessionResumeSchema>;
export type SessionJoin = z.infer<typeof sessionJoinSchema>;
export type SessionUpdate = z.infer<typeof sessionUpdateSchema>;
export type TranscriptPartial = z.infer<typeof transcriptPartialSchema>;
export type TranscriptFinal = z.infer<typeof transcriptFinalSchema>;
export type TranscriptCorrect = z.infer<typeof transcriptCorrectSchema>;
export type SessionEnd = z.infer<typeof sessionEndSchema>;
export type Ping = z.infer<typeof pingSchema>;
export type ClientMessage = z.infer<typeof clientMessageSchema>;
export type ClientMessageType = ClientMessage['type'];

/** A client message before parsing: fields with defaults may be missing. */
export type ClientMessageInput = z.input<typeof clientMessageSchema>;
