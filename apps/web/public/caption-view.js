// @ts-check
/// <reference lib="dom" />
// Renders rows of captions and updates only changed elements.

import { languageLabel } from './languages.js';

/** @typedef {import('./captions.js').Row} Row */
/** @typedef {import('./captions.js').Cell} Cell */

const maxNormalColumns = 4;
/** A reader who has scrolled up further than this is reading earlier captions; the page does not scroll then. */
const nearBottomPx = 120;

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} heading
 * @returns {(rows: readonly Row[], languages: readonly string[]) => void} renders the rows; `languages` are the columns
 */
export function createCaptionView(list, heading) {
  /** @type {Map<number, HTMLElement>} */
  const items = new Map();
  let columns = '';

  return (rows, languages) => {
    const page = document.documentElement;
    const isAtBottom = page.scrollHeight - window.innerHeight - window.scrollY < nearBottomPx;
    if (columns !== languages.join()) {
      columns = languages.join();
      list.parentElement?.classList.toggle('many', languages.length > maxNormalColumns);
      list.parentElement?.style.setProperty('--columns', String(languages.length));
      heading.replaceChildren(...languages.map((language) => element('span', '', languageLabel(language))));
    }
    const segmentIds = new Set(rows.map(({ segmentId }) => segmentId));
    for (const [segmentId, item] of items) {
      if (segmentIds.has(segmentId)) continue;
      item.remove();
      items.delete(segmentId);
    }
    for (const [index, row] of rows.entries()) {
      const item = items.get(row.segmentId) ?? element('li', '', '');
      items.set(row.segmentId, item);
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
      renderRow(item, row);
    }
    if (isAtBottom) window.scrollTo({ top: page.scrollHeight });
  };
}

/**
 * @param {HTMLElement} item
 * @param {Row} row
 */
function renderRow(item, { segmentId, cells }) {
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
  const created = document.createElement(name);
  if (className !== '') created.className = className;
  created.textContent = text;
  return created;
}
