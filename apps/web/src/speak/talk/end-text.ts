import type { TalkEnd } from './speaker-talk.ts';

/** What the page says at the end of a talk; empty if all went well. */
export function textForEnd({ unsent, isConfirmed }: TalkEnd): string {
  if (unsent.length === 0) {
    return isConfirmed ? '' : 'The server could not be reached to end the talk. It ends by itself in a moment.';
  }
  return isConfirmed
    ? 'The talk ended before your last words arrived. They are in the field of the next talk.'
    : 'Your last sentences could not be confirmed. They are in the field of the next talk.';
}
