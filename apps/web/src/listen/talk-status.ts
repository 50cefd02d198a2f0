import { textForDegraded } from '../page/reader-texts.ts';

/** What a reader is told about the talk. */
export type TalkStatus =
  | { readonly kind: 'connecting' }
  /** The talk has not begun. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'ended' }
  /** The talk has ended, and the next one with the same link is awaited. */
  | { readonly kind: 'awaiting-next' }
  /** The code leads nowhere: the reader must correct it. */
  | { readonly kind: 'unknown-code' }
  /** Codes are not looked up for a minute or so; the page keeps asking. */
  | { readonly kind: 'too-many-tries' }
  /** The talk is out of reach, and it was not said that it has ended. */
  | { readonly kind: 'out-of-reach' }
  | { readonly kind: 'failed'; readonly words: string };

const words: Readonly<Record<Exclude<TalkStatus['kind'], 'live' | 'failed'>, string>> = {
  connecting: 'Connecting …',
  waiting: 'The talk has not begun yet. Captions will start here by themselves.',
  paused: 'The speaker has paused the captions.',
  reconnecting: 'Reconnecting … Captions will go on by themselves.',
  ended: 'The talk has ended.',
  'awaiting-next': 'The talk has ended. The next one will start here by itself.',
  'unknown-code': 'There is no talk with this code.',
  'too-many-tries': 'Too many wrong codes were tried. This page goes on by itself in a minute.',
  'out-of-reach': 'The talk has ended, or its speaker lets nobody join at the moment.',
};

/**
 * @param shown the captions on the page
 * @param degraded the current reasons for reduced service
 * @returns empty if there is nothing to tell
 */
export function textForTalk(
  state: TalkStatus,
  { hasCaptions, degraded }: { readonly hasCaptions: boolean; readonly degraded: readonly string[] },
): string {
  if (state.kind === 'failed') return state.words;
  if (state.kind !== 'live') return words[state.kind];
  if (degraded.length > 0) return textForDegraded(degraded);
  return hasCaptions ? '' : 'Captions will appear here when somebody speaks.';
}

/** Whether captions may come, so that the screen must not turn off. */
export function mayCaptionsCome({ kind }: TalkStatus): boolean {
  return kind === 'live' || kind === 'reconnecting' || kind === 'waiting' || kind === 'awaiting-next';
}
