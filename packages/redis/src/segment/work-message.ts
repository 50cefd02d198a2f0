import { z } from 'zod';
import { parseStored } from '../script/parse-stored.ts';
import { transcriptMetadataSchema } from './transcript-metadata.ts';

/** The newest revision of an open segment, to be translated by its holder. Format version 1. */
export const segmentWorkSchema = z.object({
  v: z.literal(1),
  type: z.literal('revision'),
  segmentId: z.number(),
  revision: z.number(),
  text: z.string(),
  /** How many UTF-16 code units of `text` the recognizer will not change; absent: unknown. */
  stableLength: z.number().optional(),
  /** Digest of the text and the source language. */
  digest: z.string(),
  metadata: transcriptMetadataSchema,
  /** Languages that need an engine call. */
  targets: z.array(z.string()),
});
export type SegmentWork = z.infer<typeof segmentWorkSchema>;

const version = z.literal(1);

/**
 * A message to the worker threads that hold open segments of a session. `settled`: the segment was settled with a text
 * of this digest; `evicted`: too many segments are open; `settings`: the session's options or requested languages
 * changed. Published by scripts. Format version 1.
 */
const workMessageSchema = z.discriminatedUnion('type', [
  segmentWorkSchema,
  z.object({ v: version, type: z.literal('settled'), segmentId: z.number(), digest: z.string() }),
  z.object({ v: version, type: z.literal('evicted'), segmentId: z.number() }),
  z.object({ v: version, type: z.literal('settings'), targets: z.string() }),
  z.object({ v: version, type: z.literal('ended') }),
]);
export type WorkMessage = z.infer<typeof workMessageSchema>;

/** Parses a message of a work channel; `undefined` if another version wrote it. */
export function parseWorkMessage(message: string): WorkMessage | undefined {
  return parseStored(workMessageSchema, message);
}

/** Parses a stored revision. @throws ZodError if another version wrote it */
export function parseSegmentWork(json: string): SegmentWork {
  return segmentWorkSchema.parse(JSON.parse(json));
}
