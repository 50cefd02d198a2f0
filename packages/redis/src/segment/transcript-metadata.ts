import { languageTagSchema } from '@parley/protocol';
import { z } from 'zod';

/** The metadata of a transcript, passed to the worker and returned with the result. Format version 1. */
export const transcriptMetadataSchema = z.object({
  v: z.literal(1),
  /** The language of the segment. */
  language: languageTagSchema,
  /** When the edge received the message, in ms since 1970 by the edge's clock. */
  receivedAtMs: z.number(),
  startMs: z.number().optional(),
  endMs: z.number().optional(),
  speaker: z.string().optional(),
  /** The trace of the caption, in the format of W3C Trace Context; absent: it is not traced. */
  traceparent: z.string().optional(),
});
export type TranscriptMetadata = z.infer<typeof transcriptMetadataSchema>;
