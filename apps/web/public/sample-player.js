// @ts-check
/// <reference lib="dom" />
// Plays and stops the selected sample talk.

import { button, choice } from './elements.js';
import { showProblem } from './notices.js';
import { playTalk } from './talk.js';

/** @typedef {import('./segments.js').OpenSegment} OpenSegment */

const folder = 'samples/';

/**
 * @param {(language: string) => OpenSegment} openSegment in the language of the talk
 * @returns {{ stop(): void }}
 */
export function createSamplePlayer(openSegment) {
  /** @type {AbortController | undefined} */
  let playing;

  const play = async () => {
    const { signal } = (playing = new AbortController());
    button('play').textContent = 'Stop talk';
    try {
      const { language, entries } = await load(choice('talk').value);
      /** @type {Map<number, OpenSegment>} */
      const open = new Map();
      await playTalk(entries, {
        signal,
        onEntry({ segment, final, text }) {
          const segmentInput = open.get(segment) ?? openSegment(language);
          open.set(segment, segmentInput);
          if (final) segmentInput.final(text);
          else segmentInput.partial(text);
        },
      });
    } catch (error) {
      if (!signal.aborted) showProblem(messageOf(error));
    } finally {
      playing = undefined;
      button('play').textContent = 'Play';
    }
  };

  button('play').addEventListener('click', () => {
    if (playing === undefined) void play();
    else playing.abort();
  });
  load('index').then(
    (talks) => {
      for (const { name, title } of talks) choice('talk').append(new Option(title, name));
    },
    (error) => showProblem(messageOf(error)),
  );
  return { stop: () => playing?.abort() };
}

/**
 * @param {string} name
 * @returns {Promise<any>} the content of one of the page's JSON files
 */
async function load(name) {
  const response = await fetch(`${folder}${name}.json`);
  if (!response.ok) throw new Error(`The sample talk could not be loaded (HTTP ${response.status}).`);
  return response.json();
}

/** @param {unknown} error */
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
