import type { LogEntry, PartialResult } from '@parley/state';

/** What a session's feed carries: an entry of its log, or a partial, which is only live. */
export type FeedItem =
  | { readonly kind: 'log'; readonly offset: number; readonly entry: LogEntry }
  | { readonly kind: 'partial'; readonly head: number; readonly revision: number; readonly partial: PartialResult };

/** Stands for the transcript itself where a target language is named. */
export const transcriptTarget = '=';

/** The segment and target that an item is about; `undefined` for the end of the session. */
export function subjectOf(item: FeedItem): { segmentId: number; target: string } | undefined {
  const result = item.kind === 'log' ? item.entry : item.partial;
  switch (result.type) {
    case 'ended':
      return undefined;
    case 'transcript':
    case 'partial-transcript':
      return { segmentId: result.segmentId, target: transcriptTarget };
    case 'translation':
    case 'failed':
    case 'partial':
      return { segmentId: result.segmentId, target: result.targetLanguage };
  }
}
