import { isOwnLanguage, lookUpLanguage, nearestLanguage, type LanguageTag } from '@parley/protocol';
import type { SessionSettings } from '@parley/redis/session';

/** The languages that a session offers to its listeners. */
export interface Offer extends Pick<SessionSettings, 'sourceLanguage' | 'targetLanguages' | 'listenerLanguages'> {
  /** Languages that listeners already receive; may include the session's own targets. */
  readonly listenerTargets: readonly string[];
}

/**
 * Maps the languages that a listener requests to languages of the session, without duplicates: `es` for `es-MX`. The
 * source language selects the transcript itself. A request for a target that is the speaker's own language (`en` for
 * `en-US`) gets the transcript, plus the target for segments in other languages. If nothing matches but additional
 * languages are allowed, the requested one is added; otherwise one of another region is better than none. A language
 * without any match is returned unchanged.
 */
export function grantedLanguages(requested: readonly LanguageTag[], offer: Offer): LanguageTag[] {
  return [...new Set(requested.flatMap((language) => granted(language, offer)))];
}

function granted(requested: LanguageTag, offer: Offer): LanguageTag[] {
  const { sourceLanguage, targetLanguages, listenerLanguages = [], listenerTargets } = offer;
  const further = listenerTargets.filter((target) => target !== '=' && !targetLanguages.includes(target));
  const listed = typeof listenerLanguages === 'number' ? [] : listenerLanguages;
  const all = [sourceLanguage, ...targetLanguages, ...listed, ...further];
  const mayAdd = typeof listenerLanguages === 'number' && further.length < listenerLanguages;
  const isSource = (tag: LanguageTag): boolean => tag === sourceLanguage || isOwnLanguage(sourceLanguage, tag);

  const found = lookUpLanguage(requested, all);
  if (found === undefined && isSource(requested)) return [sourceLanguage];
  if (found === undefined) return [mayAdd ? requested : (nearestLanguage(requested, all) ?? requested)];
  return isSource(found) || isSource(requested) ? [sourceLanguage, found] : [found];
}
