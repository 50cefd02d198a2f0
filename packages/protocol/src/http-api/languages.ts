import { z } from 'zod';

const languageSchema = z
  .object({
    code: z.string().describe('BCP 47 tag'),
    name: z.string().describe('English name'),
    nativeName: z.string().describe('Name in the language itself'),
    targets: z.array(z.string()).describe('What the engine translates this language into'),
  })
  .meta({ id: 'Language' });
export type Language = z.infer<typeof languageSchema>;

/** The reply to `GET /v1/languages`. */
export const languagesReplySchema = z
  .object({
    languages: z.array(languageSchema),
    open: z
      .literal(true)
      .optional()
      .describe('The engine has no list: these are common languages, and others may work.'),
  })
  .meta({ id: 'Languages' });
export type LanguagesReply = z.infer<typeof languagesReplySchema>;
