// @ts-check
/// <reference lib="dom" />
// Turns typing into transcripts: partials after a pause, the final on Enter.

/** @typedef {import('./segments.js').OpenSegment} OpenSegment */

const pauseMs = 150;

/**
 * @param {HTMLInputElement} input
 * @param {() => OpenSegment} openSegment
 * @returns {{ finish(): void, reset(): void }} `finish` sends the content of the field as final; `reset` keeps it unsent
 */
export function createTyping(input, openSegment) {
  /** @type {OpenSegment | undefined} */
  let segment;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  input.addEventListener('input', () => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const text = input.value.trim();
      if (text !== '') (segment ??= openSegment()).partial(text);
    }, pauseMs);
  });
  const reset = () => {
    clearTimeout(pause);
    segment = undefined;
  };
  return {
    reset,
    finish() {
      const text = input.value.trim();
      // An empty final removes the partials that were displayed.
      if (text !== '' || segment !== undefined) (segment ?? openSegment()).final(text);
      input.value = '';
      reset();
    },
  };
}
