import type { TalkState } from './talk-state.ts';

/** What the page says of the connection, and the color of its light. */
export interface Status {
  readonly light: 'off' | 'on' | 'waiting' | 'bad';
  readonly words: string;
}

export function statusOf(state: TalkState | undefined): Status {
  switch (state?.phase) {
    case undefined:
      return { light: 'off', words: 'Not started' };
    case 'connecting':
      return { light: 'waiting', words: 'Connecting …' };
    case 'live':
      return state.isPaused ? { light: 'waiting', words: 'Paused' } : { light: 'on', words: 'On air' };
    case 'reconnecting':
      return { light: 'bad', words: 'Reconnecting … nothing is lost' };
    case 'ending':
      return { light: 'waiting', words: 'Finishing the last sentences …' };
    case 'ending-unreachable':
      return { light: 'bad', words: 'Reconnecting … to finish the last sentences' };
    case 'lost':
      return { light: 'bad', words: 'Not connected' };
    case 'ended':
      return { light: 'off', words: 'Ended' };
  }
}
