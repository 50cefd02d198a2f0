import { isOwnLanguage, lookUpLanguage, nearestLanguage, type LanguageTag } from '@parley/protocol';
import type { SessionSettings } from '@parley/redis/session';

/** What a session has for its listeners. */
export interface Offer extends Pick<SessionSettings, 'sourceLanguage' | 'targetLanguages' | 'listenerLanguages'> {
  /** Further languages that listeners have already, among others. */
  readonly listenerTargets: readonly string[];
}

/**
 * The session's languages that serve a listener who asks for these, each once: `es` for `es-MX`. The source language stands
 * for the transcript itself. Who asks for a target that is the speaker's own language (`en` of `en-US`) gets the transcript,
 * and the target for what is said in other languages. Where no language is found but further ones are allowed, the asked
 * one is; otherwise one of another region is better than none. What nothing serves is given as it was asked for.
 */
export function grantedLanguages(asked: readonly LanguageTag[], offer: Offer): LanguageTag[] {
  return [...new Set(asked.flatMap((language) => granted(language, offer)))];
}

function granted(asked: LanguageTag, offer: Offer): LanguageTag[] {
  const { sourceLanguage, targetLanguages, listenerLanguages = [], listenerTargets } = offer;
  const further = listenerTargets.filter((target) => target !== '=' && !targetLanguages.includes(target));
  const listed = typeof listenerLanguages === 'number' ? [] : listenerLanguages;
  const all = [sourceLanguage, ...targetLanguages, ...listed, ...further];
  const mayAdd = typeof listenerLanguages === 'number' && further.length < listenerLanguages;
  const isSource = (tag: LanguageTag): boolean => tag === sourceLanguage || isOwnLanguage(sourceLanguage, tag);

  const found = lookUpLanguage(asked, all);
  if (found === undefined && isSource(asked)) return [sourceLanguage];
  if (found === undefined) return [mayAdd ? asked : (nearestLanguage(asked, all) ?? asked)];
  return isSource(found) || isSource(asked) ? [sourceLanguage, found] : [found];
}
