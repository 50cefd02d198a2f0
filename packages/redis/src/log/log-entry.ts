import { errorCodes, type ErrorCode } from '@parley/protocol';
import { z } from 'zod';
import { transcriptMetadataSchema } from '../segment/transcript-metadata.ts';

const version = z.literal(1);
const errorCodeSchema = z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]);

/** How long a translation waited for a worker and was at the engine, in milliseconds. */
const measuredShape = { queueMs: z.number(), engineMs: z.number() };

/** The final was accepted for this target because listeners wanted it: it is none of the host's. */
const forWhom = { listenersOnly: z.literal(true).optional() };

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
  ...forWhom,
  ...measuredShape,
});

const failedEntrySchema = z.object({
  v: version,
  type: z.literal('failed'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  ...forWhom,
  code: errorCodeSchema,
  message: z.string(),
});

const endedEntrySchema = z.object({
  v: version,
  type: z.literal('ended'),
  usage: z.object({ segments: z.number(), translations: z.number(), cached: z.number(), tokens: z.number() }),
});

/** One entry of a session's log, without its offset. Format version 1. */
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
  ...measuredShape,
});
const partialTranscriptSchema = transcriptMetadataSchema.extend({
  type: z.literal('partial-transcript'),
  segmentId: z.number(),
  text: z.string(),
});

/** A partial on the channel, translated or as it is: never in the log. Format version 1. */
export const partialResultSchema = z.discriminatedUnion('type', [partialTranslationSchema, partialTranscriptSchema]);
export type PartialResult = z.infer<typeof partialResultSchema>;

/** The text of a partial that was shown; `undefined` where there is none, or another version wrote it. */
export function shownText(json: string): string | undefined {
  if (json === '') return undefined;
  return partialTranslationSchema.safeParse(JSON.parse(json)).data?.text;
}
