import type { SavedSession, ServerMessage } from '@parley/client';
import { tabStorage } from '../../page/browser-storage.ts';
import type { TalkState } from './talk-state.ts';

/** What a reloaded page needs to go on with its talk. */
export interface SavedTalk {
  readonly version: 2;
  /** Missing once the session is over. */
  readonly session?: SavedSession | undefined;
  readonly state: TalkState;
  readonly nextSegmentId: number;
  /** The newest messages that make the captions. */
  readonly captions: readonly ServerMessage[];
  /** What is typed and not sent. */
  readonly draft: string;
}

const storageKey = 'parley-talk';

/** @param stored what `JSON.stringify` made of a talk, or anything else */
export function readTalk(stored: string | null): SavedTalk | undefined {
  try {
    const talk = JSON.parse(stored ?? 'null') as SavedTalk | null;
    return talk?.version === 2 ? talk : undefined;
  } catch {
    return undefined;
  }
}

/** The talk of this tab. */
export function storedTalk(): SavedTalk | undefined {
  return readTalk(tabStorage.read(storageKey));
}

export function storeTalk(talk: SavedTalk): void {
  if (tabStorage.write(storageKey, JSON.stringify(talk))) return;
  // The browser's storage may be full: the session matters more than what was shown of it.
  tabStorage.write(storageKey, JSON.stringify({ ...talk, captions: [] }));
}

export function forgetTalk(): void {
  tabStorage.remove(storageKey);
}
