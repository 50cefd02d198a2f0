import { z } from 'zod';
import { maxTargetLanguages } from '../client-message.ts';
import { languageTagSchema } from '../language-tag-schema.ts';

/** The path parameters of an event stream. */
export const listenPathSchema = z.object({ joinCode: z.string().min(1).max(100) });

const offsetSchema = z
  .string()
  .regex(/^\d{1,16}$/, 'must be an offset')
  .transform(Number);

/** The query of `GET /v1/listen/CODE/events`. */
export const listenQuerySchema = z.object({
  lang: z
    .union([z.string(), z.array(z.string())], 'must name a language, such as lang=es')
    .describe('Languages to listen to, separated by commas; the source language selects the transcript.')
    .transform((lang) => [lang].flat().flatMap((list) => list.split(',')))
    .pipe(z.array(languageTagSchema).max(maxTargetLanguages)),
  offset: offsetSchema.optional().describe('The last offset received, if the page can not set `Last-Event-ID`.'),
});

/** The request headers of an event stream. */
export const listenHeadersSchema = z.object({
  'last-event-id': offsetSchema.optional().describe('The `id` of the last event received.'),
});
