import { z } from 'zod';
import { transcriptMetadataSchema } from './transcript-metadata.ts';

/** The newest revision of an open segment, as its holder translates it. Format version 1. */
export const segmentWorkSchema = z.object({
  v: z.literal(1),
  type: z.literal('revision'),
  segmentId: z.number(),
  revision: z.number(),
  text: z.string(),
  /** Of text and source language. */
  digest: z.string(),
  metadata: transcriptMetadataSchema,
  /** The languages that an engine translates it to. */
  targets: z.array(z.string()),
});
export type SegmentWork = z.infer<typeof segmentWorkSchema>;

const version = z.literal(1);

/**
 * What worker threads hear that hold open segments of a session. `settled`: the segment has its final, whose text has this
 * digest; `evicted`: too many segments are open; `settings`: the session's options or wanted languages are others now.
 * Scripts publish these. Format version 1.
 */
const workMessageSchema = z.discriminatedUnion('type', [
  segmentWorkSchema,
  z.object({ v: version, type: z.literal('settled'), segmentId: z.number(), digest: z.string() }),
  z.object({ v: version, type: z.literal('evicted'), segmentId: z.number() }),
  z.object({ v: version, type: z.literal('settings'), targets: z.string() }),
  z.object({ v: version, type: z.literal('ended') }),
]);
export type WorkMessage = z.infer<typeof workMessageSchema>;

/** Reads a message of a session's channel of work; `undefined` where another version wrote it. */
export function parseWorkMessage(message: string): WorkMessage | undefined {
  try {
    return workMessageSchema.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}

/** Reads what is kept of a revision. @throws ZodError where another version wrote it */
export function parseSegmentWork(json: string): SegmentWork {
  return segmentWorkSchema.parse(JSON.parse(json));
}
