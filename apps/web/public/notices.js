// @ts-check
/// <reference lib="dom" />
// What the reader must know besides the captions.

import { byId } from './elements.js';

/**
 * Something went wrong. It stands until it is dismissed or the next one comes.
 *
 * @param {string} text
 */
export function showProblem(text) {
  const line = document.createElement('p');
  line.className = 'problem';
  const dismiss = document.createElement('button');
  dismiss.type = 'button';
  dismiss.textContent = 'Dismiss';
  dismiss.addEventListener('click', () => line.remove());
  line.append(text, dismiss);
  byId('problem').replaceChildren(line);
}

export function clearProblem() {
  byId('problem').replaceChildren();
}

/**
 * A state that will pass by itself.
 *
 * @param {string} text empty: it has passed
 */
export function showNotice(text) {
  byId('notice').textContent = text;
  byId('notice').hidden = text === '';
}
