import { languageTagSchema, memoize, sessionOptionsSchema, stabilitySchema } from '@parley/protocol';
import { z } from 'zod';

/** The options of a session as stored in Redis, including later changes. Format version 1. */
export const sessionSettingsSchema = sessionOptionsSchema.extend({
  v: z.literal(1),
  sourceLanguage: languageTagSchema,
  stability: stabilitySchema,
  paused: z.boolean().optional(),
});
export type SessionSettings = Readonly<z.infer<typeof sessionSettingsSchema>>;

/**
 * Parses the `options` field of a session. The result is shared with others who parse the same: it must not be changed.
 *
 * @throws ZodError if another version wrote it
 */
export const parseSessionSettings = memoize(
  // A worker does this for each final and target, and a glossary may have 500 terms.
  (json): SessionSettings => sessionSettingsSchema.parse(JSON.parse(json)),
  { maxResults: 64, maxChars: 1024 * 1024 },
);

/** Returns the settings as fields of the session hash: those that scripts read separately, and all of them as JSON. */
export function settingsFields(settings: SessionSettings): Record<string, string> {
  return {
    options: JSON.stringify(settings),
    sourceLanguage: settings.sourceLanguage,
    targets: settings.targetLanguages.join(','),
    ordered: settings.ordered ? '1' : '0',
    class: settings.class,
    listenerLanguages: listenerLanguagesField(settings.listenerLanguages),
    paused: settings.paused === true ? '1' : '0',
  };
}

function listenerLanguagesField(offered: SessionSettings['listenerLanguages']): string {
  if (offered === undefined) return '';
  return typeof offered === 'number' ? `count ${offered}` : `list ${offered.join(',')}`;
}
