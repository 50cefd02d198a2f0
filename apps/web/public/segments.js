// @ts-check
// Numbers transcripts: ascending segment IDs, and revisions per segment.

/** @typedef {import('./captions.js').Transcript & { language: string | undefined }} Transcript undefined: the session's own language */
/** @typedef {{ partial(text: string): void, final(text: string): void }} OpenSegment */

/**
 * @param {(transcript: Transcript) => void} onTranscript
 * @returns {{ open(language?: string): OpenSegment }} IDs continue over all sessions of the page
 */
export function createSegments(onTranscript) {
  let lastSegmentId = 0;
  return {
    open(language) {
      const segmentId = ++lastSegmentId;
      let revision = 0;
      let newest = '';
      let isFinished = false;
      return {
        partial(text) {
          if (isFinished || text === newest) return;
          newest = text;
          onTranscript({ segmentId, revision: ++revision, text, isFinal: false, language });
        },
        final(text) {
          if (isFinished) return;
          isFinished = true;
          onTranscript({ segmentId, revision, text, isFinal: true, language });
        },
      };
    },
  };
}
