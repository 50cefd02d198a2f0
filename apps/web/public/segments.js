// @ts-check
// Numbers what is said: segments by a number that only grows, the partials of each by theirs.

/** @typedef {import('./captions.js').Transcript & { language: string | undefined }} Transcript undefined: the session's own language */
/** @typedef {{ partial(text: string): void, final(text: string): void }} OpenSegment */

/**
 * @param {(transcript: Transcript) => void} onTranscript
 * @returns {{ open(language?: string): OpenSegment }} the numbers go on for as long as the page lives, over any number of sessions
 */
export function createSegments(onTranscript) {
  let lastSegmentId = 0;
  return {
    open(language) {
      const segmentId = ++lastSegmentId;
      let revision = 0;
      let newest = '';
      let settled = false;
      return {
        partial(text) {
          if (settled || text === newest) return;
          newest = text;
          onTranscript({ segmentId, revision: ++revision, text, isFinal: false, language });
        },
        final(text) {
          if (settled) return;
          settled = true;
          onTranscript({ segmentId, revision, text, isFinal: true, language });
        },
      };
    },
  };
}
