import { errorCodes, type ErrorCode } from '@parley/protocol';
import { z } from 'zod';
import { transcriptMetadataSchema } from '../segment/transcript-metadata.ts';

const version = z.literal(1);
const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** Time in the queue and in the engine call, in milliseconds. */
const durationsShape = { queueMs: z.number(), engineMs: z.number() };

/** Set if only listeners requested this target; the host is not sent such results. */
const listenersOnlyShape = { listenersOnly: z.literal(true).optional() };

const transcriptEntrySchema = transcriptMetadataSchema.extend({
  type: z.literal('transcript'),
  segmentId: z.number(),
  text: z.string(),
});

const translationEntrySchema = transcriptMetadataSchema.extend({
  type: z.literal('translation'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  text: z.string(),
  cached: z.boolean(),
  flags: z.array(z.string()).optional(),
  ...listenersOnlyShape,
  ...durationsShape,
});

const failedEntrySchema = z.object({
  v: version,
  type: z.literal('failed'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  ...listenersOnlyShape,
  code: errorCodeSchema,
  message: z.string(),
});

const endedEntrySchema = z.object({
  v: version,
  type: z.literal('ended'),
  usage: z.object({ segments: z.number(), translations: z.number(), cached: z.number(), tokens: z.number() }),
});

/** One log entry of a session, without its offset. Format version 1. */
export const logEntrySchema = z.discriminatedUnion('type', [
  transcriptEntrySchema,
  translationEntrySchema,
  failedEntrySchema,
  endedEntrySchema,
]);
export type LogEntry = z.infer<typeof logEntrySchema>;

const partialTranslationSchema = transcriptMetadataSchema.extend({
  type: z.literal('partial'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  text: z.string(),
  flags: z.array(z.string()).optional(),
  ...durationsShape,
});
const partialTranscriptSchema = transcriptMetadataSchema.extend({
  type: z.literal('partial-transcript'),
  segmentId: z.number(),
  text: z.string(),
});

/** A partial on the channel, translated or not; partials are never in the log. Format version 1. */
export const partialResultSchema = z.discriminatedUnion('type', [partialTranslationSchema, partialTranscriptSchema]);
export type PartialResult = z.infer<typeof partialResultSchema>;

/** Returns the text of a partial that was shown; `undefined` if there is none or it has another format version. */
export function shownText(json: string): string | undefined {
  if (json === '') return undefined;
  return partialTranslationSchema.safeParse(JSON.parse(json)).data?.text;
}
