// @ts-check
/// <reference lib="dom" />
// Draws rows of captions, and touches only what has changed.

import { languageLabel } from './languages.js';

/** @typedef {import('./captions.js').Row} Row */
/** @typedef {import('./captions.js').Cell} Cell */

const mostColumns = 4;
/** Who has scrolled up further than this is reading: the page stays where it is. */
const nearBottomPx = 120;

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} heading
 * @returns {(rows: readonly Row[], languages: readonly string[]) => void} draws; `languages` are the columns
 */
export function createCaptionView(list, heading) {
  /** @type {Map<number, HTMLElement>} */
  const items = new Map();
  let columns = '';

  return (rows, languages) => {
    const page = document.documentElement;
    const follows = page.scrollHeight - window.innerHeight - window.scrollY < nearBottomPx;
    if (columns !== languages.join()) {
      columns = languages.join();
      list.parentElement?.classList.toggle('many', languages.length > mostColumns);
      list.parentElement?.style.setProperty('--columns', String(languages.length));
      heading.replaceChildren(...languages.map((language) => element('span', '', languageLabel(language))));
    }
    const wanted = new Set(rows.map(({ segmentId }) => segmentId));
    for (const [segmentId, item] of items) {
      if (wanted.has(segmentId)) continue;
      item.remove();
      items.delete(segmentId);
    }
    for (const [index, row] of rows.entries()) {
      const item = items.get(row.segmentId) ?? element('li', '', '');
      items.set(row.segmentId, item);
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
      drawRow(item, row);
    }
    if (follows) window.scrollTo({ top: page.scrollHeight });
  };
}

/**
 * @param {HTMLElement} item
 * @param {Row} row
 */
function drawRow(item, { segmentId, cells }) {
  item.dataset['segment'] = String(segmentId);
  while (item.children.length > cells.length) item.lastElementChild?.remove();
  for (const [index, cell] of cells.entries()) {
    const drawn = item.children[index];
    const next = JSON.stringify(cell);
    if (drawn instanceof HTMLElement && drawn.dataset['cell'] === next) continue;
    const box = element('div', '', '');
    box.dataset['cell'] = next;
    box.append(element('span', 'language', languageLabel(cell.language)), caption(cell));
    if (cell.note !== '') box.append(element('span', 'note', cell.note));
    if (drawn === undefined) item.append(box);
    else drawn.replaceWith(box);
  }
}

/** @param {Cell} cell */
function caption({ language, concluded, tentative }) {
  const line = element('p', '', '');
  line.lang = language;
  line.dir = 'auto';
  line.append(concluded);
  if (tentative !== '') line.append(element('span', 'tentative', tentative));
  return line;
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} text
 * @returns {HTMLElement}
 */
function element(name, className, text) {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.textContent = text;
  return made;
}
