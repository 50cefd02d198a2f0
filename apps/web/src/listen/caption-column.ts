/// <reference lib="dom" />
import type { CaptionLine } from '@parley/client';
import { languageDirection, ownLanguageName } from '../page/language-names.ts';
import { CaptionList } from './caption-list.ts';
import { FollowNewest } from './follow-newest.ts';

/** The captions of one language on the page, with what scrolls them. */
export class CaptionColumn {
  readonly element = document.createElement('section');
  readonly #list: CaptionList;
  readonly #follow: FollowNewest;
  readonly #resized: ResizeObserver;

  constructor(language: string) {
    const name = ownLanguageName(language);
    const heading = document.createElement('h2');
    heading.textContent = name;
    heading.lang = language;
    heading.dir = languageDirection(language);
    const scroller = document.createElement('div');
    scroller.className = 'scroller';
    scroller.tabIndex = 0;
    scroller.role = 'region';
    scroller.ariaLabel = `Captions: ${name}`;
    this.#list = new CaptionList(document.createElement('ol'));
    scroller.append(this.#list.element);
    const newest = document.createElement('button');
    newest.type = 'button';
    newest.className = 'newest';
    newest.textContent = '↓ Newest';
    newest.hidden = true;
    this.element.className = 'column';
    this.element.dataset['language'] = language;
    this.element.append(heading, scroller, newest);
    this.#follow = new FollowNewest(scroller, newest);
    let widthPx = 0;
    this.#resized = new ResizeObserver(() => {
      if (scroller.clientWidth !== widthPx) this.#list.releaseHeights();
      widthPx = scroller.clientWidth;
      this.#follow.changed();
    });
    this.#resized.observe(scroller);
  }

  show(lines: readonly CaptionLine[]): void {
    this.#list.show(lines);
    this.#follow.changed();
  }

  /** After the size of the captions was changed. */
  resized(): void {
    this.#list.releaseHeights();
    this.#follow.changed();
  }

  toNewest(): void {
    this.#follow.toNewest();
  }

  close(): void {
    this.#resized.disconnect();
    this.element.remove();
  }
}
