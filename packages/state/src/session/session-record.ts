import { languageTagSchema, sessionOptionsSchema } from '@parley/protocol';
import { z } from 'zod';

/** What a session was started with and how it stands now, as kept in Redis. Format version 1. */
export const sessionSettingsSchema = sessionOptionsSchema.extend({
  v: z.literal(1),
  sourceLanguage: languageTagSchema,
});
export type SessionSettings = z.infer<typeof sessionSettingsSchema>;

/** Reads the `options` field of a session. Throws a ZodError where another version wrote it. */
export function parseSessionSettings(json: string): SessionSettings {
  return sessionSettingsSchema.parse(JSON.parse(json));
}
