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

/** The fields of the session hash: what scripts look at stands by itself; all of it is one JSON text. */
export function settingsFields(settings: SessionSettings): Record<string, string> {
  return {
    options: JSON.stringify(settings),
    sourceLanguage: settings.sourceLanguage,
    targets: settings.targetLanguages.join(','),
    ordered: settings.ordered ? '1' : '0',
    class: settings.class,
    listenerLanguages: offeredToListeners(settings.listenerLanguages),
  };
}

function offeredToListeners(offered: SessionSettings['listenerLanguages']): string {
  if (offered === undefined) return '';
  return typeof offered === 'number' ? `count ${offered}` : `list ${offered.join(',')}`;
}
