import { errorCodes, prefixLength, type ErrorCode } from '@parley/protocol';
import { z } from 'zod';
import { parseStored } from '../script/parse-stored.ts';
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

/** Another text of a segment, for all that read its transcript. */
const correctedTranscriptEntrySchema = transcriptMetadataSchema.extend({
  type: z.literal('corrected-transcript'),
  segmentId: z.number(),
  text: z.string(),
});

/** Another translation of a segment, made by hand or from another text of the segment. */
const correctedEntrySchema = transcriptMetadataSchema.extend({
  type: z.literal('corrected'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  text: z.string(),
  flags: z.array(z.string()).optional(),
  ...listenersOnlyShape,
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

/** `StabilityCounts` of all segments and targets of a session. */
const stabilitySchema = z.object({
  finalUnits: z.number(),
  erasedUnits: z.number(),
  erasedUnitsAtFinal: z.number(),
  coveredUnits: z.number(),
  concludedUnits: z.number(),
  contradictedUnits: z.number(),
  unitsBehind: z.number(),
  revisions: z.number(),
});

const endedEntrySchema = z.object({
  v: version,
  type: z.literal('ended'),
  usage: z.object({ segments: z.number(), translations: z.number(), cached: z.number(), tokens: z.number() }),
  /** Absent if nothing was counted. */
  stability: stabilitySchema.optional(),
});

/** One log entry of a session, without its offset. Format version 1. */
export const logEntrySchema = z.discriminatedUnion('type', [
  transcriptEntrySchema,
  translationEntrySchema,
  failedEntrySchema,
  correctedTranscriptEntrySchema,
  correctedEntrySchema,
  endedEntrySchema,
]);
export type LogEntry = z.infer<typeof logEntrySchema>;
/** A log entry that corrects an earlier one of its segment and target. */
export type CorrectedEntry = Extract<LogEntry, { type: 'corrected' | 'corrected-transcript' }>;

/** What was counted of a caption's updates until this one, for `StabilityTally`. */
const captionTallySchema = z.object({
  erased: z.number(),
  behind: z.number(),
  revisions: z.number(),
  /** From the segment's first partial until something was shown. */
  firstWordMs: z.number().optional(),
});

const partialTranslationSchema = transcriptMetadataSchema.extend({
  type: z.literal('partial'),
  segmentId: z.number(),
  targetLanguage: z.string(),
  /** Everything that is shown. */
  text: z.string(),
  /** How many UTF-16 code units of `text` are concluded; absent: none. */
  concludedLength: z.number().optional(),
  tally: captionTallySchema.optional(),
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

/** A translation that is shown. */
export interface ShownCaption {
  readonly text: string;
  /** How many UTF-16 code units of the text are concluded. */
  readonly concludedLength: number;
  readonly tally: z.infer<typeof captionTallySchema> | undefined;
}

/** Returns how much of a partial is concluded: never more than its text, and never half of a surrogate pair. */
export function concludedLengthOf({ text, concludedLength = 0 }: PartialResult & { type: 'partial' }): number {
  return prefixLength(text, concludedLength);
}

/** Parses a partial that was shown; `undefined` if there is none or it has another format version. */
export function readShown(json: string): ShownCaption | undefined {
  const partial = parseStored(partialTranslationSchema, json);
  return partial && { text: partial.text, concludedLength: concludedLengthOf(partial), tally: partial.tally };
}
