// @ts-check
/// <reference lib="dom" />
// Status messages next to the captions.

import { byId } from './elements.js';

/**
 * Shows an error until it is dismissed or replaced.
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
 * Shows a temporary condition.
 *
 * @param {string} text empty to hide the notice
 */
export function showNotice(text) {
  byId('notice').textContent = text;
  byId('notice').hidden = text === '';
}
