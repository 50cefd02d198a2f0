import { z } from 'zod';
import { languageTagSchema } from '../language-tag-schema.ts';

/** The query of `GET /v1/sessions/ID/transcript.*`. */
export const transcriptQuerySchema = z.object({
  lang: z
    .string('must name one language, such as lang=es')
    .pipe(languageTagSchema)
    .describe('The language of the transcript; the source language selects what was said.'),
  joinCode: z.string().min(1).max(100).optional().describe("A session's join code, instead of a key or token."),
});

const lineSchema = z.object({
  segmentId: z.number(),
  text: z.string(),
  language: z.string().describe('Differs from that of the transcript if the text is untranslated.'),
  receivedAt: z.iso.datetime().describe('When the final arrived.'),
  startMs: z.number().optional().describe('As stated by the host.'),
  endMs: z.number().optional(),
  speaker: z.string().optional(),
  flags: z.array(z.string()).optional(),
});

/** The reply to `GET /v1/sessions/ID/transcript.json`. */
export const transcriptReplySchema = z
  .object({
    sessionId: z.string(),
    startedAt: z.iso.datetime(),
    sourceLanguage: z.string(),
    language: z.string(),
    ended: z.boolean(),
    truncated: z.boolean().describe('Whether the oldest lines were removed, because the transcript was too large.'),
    lines: z.array(lineSchema).describe('In the order in which the finals were accepted.'),
    failed: z.array(z.object({ segmentId: z.number(), code: z.string() })).describe('Finals without a translation.'),
  })
  .meta({ id: 'Transcript' });
export type TranscriptReply = z.infer<typeof transcriptReplySchema>;
