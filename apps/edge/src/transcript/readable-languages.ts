import type { LanguageTag } from '@parley/protocol';
import type { KeptTranscript } from '@parley/redis/transcript';
import { grantedLanguages } from '../core/granted-languages.ts';

type Languages = Pick<KeptTranscript, 'sourceLanguage' | 'targetLanguages' | 'listenerLanguages'>;

/** `listener`: reads only what the session offers to listeners. */
export type TranscriptReader = 'host' | 'listener';

/**
 * Returns the languages of a transcript that a reader gets for a requested one, as over the WebSocket: `es` for `es-MX`. Empty
 * if there is none that it may read. Pure.
 *
 * @param stored languages that finals were translated into
 */
export function readableLanguages(
  requested: LanguageTag,
  session: Languages,
  stored: ReadonlySet<LanguageTag>,
  reader: TranscriptReader,
): LanguageTag[] {
  const { sourceLanguage, targetLanguages, listenerLanguages = [] } = session;
  const listed = typeof listenerLanguages === 'number' ? [] : listenerLanguages;
  // With a number, listeners choose; what is stored is what they chose, or a target.
  const mayReadStored = reader === 'host' || typeof listenerLanguages === 'number';
  const readable = new Set([...targetLanguages, ...listed, ...(mayReadStored ? stored : [])]);
  const offer = { sourceLanguage, targetLanguages: [...readable], listenerTargets: [] };
  return grantedLanguages([requested], offer).filter(
    (language) => language === sourceLanguage || readable.has(language),
  );
}
