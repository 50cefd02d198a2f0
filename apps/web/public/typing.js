// @ts-check
/// <reference lib="dom" />
// Turns typing into transcripts: partials when it pauses, the final at Enter.

/** @typedef {import('./segments.js').OpenSegment} OpenSegment */

const pauseMs = 150;

/**
 * @param {HTMLInputElement} input
 * @param {() => OpenSegment} openSegment
 * @returns {{ finish(): void, forget(): void }} `finish` settles what stands in the field; `forget` leaves it there, unsent
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
  const forget = () => {
    clearTimeout(pause);
    segment = undefined;
  };
  return {
    forget,
    finish() {
      const text = input.value.trim();
      // An empty final takes back the partials that were shown.
      if (text !== '' || segment !== undefined) (segment ?? openSegment()).final(text);
      input.value = '';
      forget();
    },
  };
}
