import { isOwnLanguage } from '@parley/protocol';
import type { SessionSettings } from '@parley/state';
import { subjectOf, transcriptTarget, type FeedItem } from './feed-item.ts';

/** Whether somebody is told of an item. */
export type Audience = (item: FeedItem) => boolean;

/** The host hears of the languages that it asked for; finals also where it has taken the language away since. */
export function hostAudience(settings: () => Pick<SessionSettings, 'targetLanguages'>): Audience {
  return (item) => {
    if (item.kind === 'partial') {
      return item.partial.type === 'partial' && settings().targetLanguages.includes(item.partial.targetLanguage);
    }
    const { entry } = item;
    return entry.type === 'ended' || (entry.type !== 'transcript' && entry.listenersOnly !== true);
  };
}

/**
 * A listener hears of its own languages. The source language means the transcript as it is spoken; where a segment is in
 * another language, its translation comes besides.
 */
export function listenerAudience(languages: ReadonlySet<string>, sourceLanguage: string): Audience {
  return (item) => {
    const subject = subjectOf(item);
    if (subject === undefined) return true;
    if (subject.target === transcriptTarget) return languages.has(sourceLanguage);
    if (!languages.has(subject.target)) return false;
    const result = item.kind === 'log' ? item.entry : item.partial;
    const isCopyOfTranscript = 'language' in result && isOwnLanguage(result.language, subject.target);
    return !(isCopyOfTranscript && languages.has(sourceLanguage) && isOwnLanguage(sourceLanguage, subject.target));
  };
}
