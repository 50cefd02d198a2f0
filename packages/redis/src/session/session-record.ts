import { languageTagSchema, sessionOptionsSchema, stabilitySchema } from '@parley/protocol';
import { z } from 'zod';

/** The options of a session as stored in Redis, including later changes. Format version 1. */
export const sessionSettingsSchema = sessionOptionsSchema.extend({
  v: z.literal(1),
  sourceLanguage: languageTagSchema,
  stability: stabilitySchema,
  paused: z.boolean().optional(),
});
export type SessionSettings = Readonly<z.infer<typeof sessionSettingsSchema>>;

/** Those of a session are parsed for each of its finals and targets, and may have 500 terms. */
const parsed = new Map<string, SessionSettings>();
const maxParsed = 256;
const maxParsedChars = 1024 * 1024;
let parsedChars = 0;

/**
 * Parses the `options` field of a session. The same settings are the same object as long as they are remembered.
 *
 * @throws ZodError if another version wrote it
 */
export function parseSessionSettings(json: string): SessionSettings {
  const known = parsed.get(json);
  if (known !== undefined) return known;
  const settings = sessionSettingsSchema.parse(JSON.parse(json));
  if (parsed.size >= maxParsed || parsedChars + json.length > maxParsedChars) {
    parsed.clear();
    parsedChars = 0;
  }
  parsed.set(json, settings);
  parsedChars += json.length;
  return settings;
}

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
