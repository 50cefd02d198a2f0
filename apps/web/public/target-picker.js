// @ts-check
/// <reference lib="dom" />
// Selection of the target languages: a remove button for each, and a field to add one.

import { button, byId, field } from './elements.js';
import { detected, languageLabel, languageTag } from './languages.js';
import { showProblem } from './notices.js';

/**
 * @param {object} options
 * @param {readonly string[]} options.initial
 * @param {() => boolean} options.mayBeEmpty
 * @param {(languages: readonly string[]) => void} options.onChange
 * @returns {{ chosen(): readonly string[], addTyped(): void }} `addTyped` adds the content of the field, if any
 */
export function createTargetPicker({ initial, mayBeEmpty, onChange }) {
  let chosen = initial;

  /** @param {readonly string[]} next */
  const change = (next) => {
    chosen = next;
    draw();
    onChange(chosen);
  };

  const draw = () => byId('targets').replaceChildren(...chosen.map(item));

  /** @param {string} tag */
  const item = (tag) => {
    const remove = document.createElement('button');
    remove.type = 'button';
    remove.textContent = `${languageLabel(tag)} ×`;
    remove.setAttribute('aria-label', `Remove ${languageLabel(tag)}`);
    remove.addEventListener('click', () => {
      if (chosen.length === 1 && !mayBeEmpty()) return showProblem('A session needs at least one language.');
      change(chosen.filter((other) => other !== tag));
      field('target').focus();
    });
    const created = document.createElement('li');
    created.append(remove);
    return created;
  };

  const addTyped = () => {
    const typed = field('target').value;
    if (typed.trim() === '') return;
    const tag = languageTag(typed);
    if (tag === undefined || tag === detected)
      return showProblem(`"${typed}" is not a language tag such as "ca" or "pt-BR".`);
    field('target').value = '';
    if (!chosen.includes(tag)) change([...chosen, tag]);
  };

  button('add').addEventListener('click', addTyped);
  field('target').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    addTyped();
  });
  draw();
  return { chosen: () => chosen, addTyped };
}
