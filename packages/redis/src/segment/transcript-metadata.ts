import { languageTagSchema } from '@parley/protocol';
import { z } from 'zod';

/** What accompanies a transcript on its way to a worker and, in the result, back. Format version 1. */
export const transcriptMetadataSchema = z.object({
  v: z.literal(1),
  /** The language of the segment. */
  language: languageTagSchema,
  /** When the edge got the frame, in ms since 1970, by the edge's clock. */
  receivedAtMs: z.number(),
  startMs: z.number().optional(),
  endMs: z.number().optional(),
  speaker: z.string().optional(),
});
export type TranscriptMetadata = z.infer<typeof transcriptMetadataSchema>;
