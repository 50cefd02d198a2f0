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
  window.addEventListener('resize', () => releaseHeights(list));

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
    const next = JSON.stringify(cell);
    let box = /** @type {HTMLElement | undefined} */ (item.children[index]);
    if (box === undefined) item.append((box = emptyCell()));
    if (box.dataset['cell'] === next) continue;
    box.dataset['cell'] = next;
    renderCell(box, cell);
  }
}

function emptyCell() {
  const box = element('div', '', '');
  const line = element('p', '', '');
  line.dir = 'auto';
  line.append(document.createTextNode(''));
  box.append(element('span', 'language', ''), line);
  return box;
}

/**
 * Changes the texts of a cell in place, so that what stays is not laid out anew. A line break that is no longer needed leaves
 * an empty line: the rows below keep their place.
 *
 * @param {HTMLElement} box
 * @param {Cell} cell
 */
function renderCell(box, { language, concluded, tentative, note }) {
  const label = /** @type {HTMLElement} */ (box.querySelector('.language'));
  const line = /** @type {HTMLElement} */ (box.querySelector('p'));
  label.textContent = languageLabel(language);
  if (line.lang !== language) {
    line.lang = language;
    line.style.minHeight = '';
  }
  /** @type {Text} */ (line.firstChild).data = concluded;
  setOptional(line, 'tentative', tentative);
  setOptional(box, 'note', note);
  line.style.minHeight = `${line.getBoundingClientRect().height}px`;
}

/**
 * Sets the text of the last child with this class, which exists only while it has text.
 *
 * @param {HTMLElement} parent
 * @param {string} className
 * @param {string} text
 */
function setOptional(parent, className, text) {
  const child = parent.querySelector(`.${className}`);
  if (text === '') child?.remove();
  else if (child === null) parent.append(element('span', className, text));
  else child.textContent = text;
}

/** Lets all lines take the height that they need at the new width. @param {HTMLElement} list */
function releaseHeights(list) {
  for (const line of list.querySelectorAll('p')) line.style.minHeight = '';
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
