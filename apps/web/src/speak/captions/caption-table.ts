/// <reference lib="dom" />
import { languageDirection, ownLanguageName } from '../../page/language-names.ts';
import type { CaptionCell, CaptionRow } from './caption-rows.ts';

const maxColumns = 3;
/** Who has scrolled up further than this reads earlier captions; the list does not scroll then. */
const nearBottomPx = 120;

/** Renders rows of captions, and changes only what has changed. */
export class CaptionTable {
  readonly #list: HTMLElement;
  readonly #heading: HTMLElement;
  readonly #items = new Map<number, HTMLElement>();
  #languages = '';

  constructor(list: HTMLElement, heading: HTMLElement) {
    this.#list = list;
    this.#heading = heading;
    // At another width, lines need another height.
    window.addEventListener('resize', () => {
      for (const line of list.querySelectorAll('p')) line.style.minHeight = '';
    });
  }

  render(rows: readonly CaptionRow[], languages: readonly string[]): void {
    const page = document.documentElement;
    const isAtBottom = page.scrollHeight - window.innerHeight - window.scrollY < nearBottomPx;
    this.#renderHeading(languages);
    const segmentIds = new Set(rows.map(({ segmentId }) => segmentId));
    for (const [segmentId, item] of this.#items) {
      if (segmentIds.has(segmentId)) continue;
      item.remove();
      this.#items.delete(segmentId);
    }
    for (const [index, row] of rows.entries()) {
      const item = this.#items.get(row.segmentId) ?? element('li', '', '');
      this.#items.set(row.segmentId, item);
      if (this.#list.children[index] !== item) this.#list.insertBefore(item, this.#list.children[index] ?? null);
      renderRow(item, row);
    }
    if (isAtBottom) window.scrollTo({ top: page.scrollHeight });
  }

  #renderHeading(languages: readonly string[]): void {
    if (this.#languages === languages.join()) return;
    this.#languages = languages.join();
    const box = this.#list.parentElement;
    box?.classList.toggle('many', languages.length > maxColumns);
    box?.style.setProperty('--columns', String(languages.length));
    this.#heading.replaceChildren(...languages.map(headingOf));
  }
}

function headingOf(language: string): HTMLElement {
  const heading = element('span', '', ownLanguageName(language));
  heading.lang = language;
  heading.dir = languageDirection(language);
  return heading;
}

function renderRow(item: HTMLElement, { segmentId, cells }: CaptionRow): void {
  item.dataset['segment'] = String(segmentId);
  while (item.children.length > cells.length) item.lastElementChild?.remove();
  for (const [index, cell] of cells.entries()) {
    const next = JSON.stringify(cell);
    const box = (item.children[index] as HTMLElement | undefined) ?? emptyCell();
    if (item.children[index] !== box) item.append(box);
    if (box.dataset['cell'] === next) continue;
    box.dataset['cell'] = next;
    renderCell(box, cell);
  }
}

function emptyCell(): HTMLElement {
  const box = element('div', '', '');
  const line = element('p', '', '');
  line.append(document.createTextNode(''));
  box.append(element('span', 'language', ''), line);
  return box;
}

/**
 * Changes the texts of a cell in place, so that what stays is not laid out anew. A line break that is no longer needed
 * leaves an empty line: the rows below keep their place.
 */
function renderCell(box: HTMLElement, { language, concluded, tentative, note }: CaptionCell): void {
  const [label, line] = box.children as unknown as [HTMLElement, HTMLElement];
  if (line.lang !== language) {
    label.textContent = ownLanguageName(language);
    label.lang = line.lang = language;
    label.dir = line.dir = languageDirection(language);
    line.style.minHeight = '';
  }
  const [text] = line.childNodes;
  if (text !== undefined && text.nodeValue !== concluded) text.nodeValue = concluded;
  setOptional(line, 'tentative', tentative);
  setOptional(box, 'note', note);
  line.style.minHeight = `${line.getBoundingClientRect().height}px`;
}

/** Sets the text of the last child with this class, which exists only while it has text. */
function setOptional(parent: HTMLElement, className: string, text: string): void {
  const child = parent.querySelector(`.${className}`);
  if (text === '') child?.remove();
  else if (child === null) parent.append(element('span', className, text));
  else child.textContent = text;
}

function element(name: string, className: string, text: string): HTMLElement {
  const created = document.createElement(name);
  if (className !== '') created.className = className;
  created.textContent = text;
  return created;
}
