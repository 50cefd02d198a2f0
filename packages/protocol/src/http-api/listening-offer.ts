import { z } from 'zod';

/** The reply to `GET /v1/listen/CODE`. */
export const listeningOfferSchema = z
  .object({
    state: z.enum(['live', 'paused']),
    sourceLanguage: z.string(),
    languages: z
      .array(z.string())
      .describe('What a listener may choose: the source and the targets of the session first.'),
    furtherLanguages: z.int().min(0).describe('How many further languages listeners may add.'),
    room: z.string().optional().describe('The room whose code this is.'),
  })
  .meta({ id: 'ListeningOffer' });
export type ListeningOfferReply = z.infer<typeof listeningOfferSchema>;
