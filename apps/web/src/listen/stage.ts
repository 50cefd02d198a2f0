/// <reference lib="dom" />
import { CaptionStore, type ServerMessage, type SessionJoined } from '@parley/client';
import type { Announcer } from './announcer.ts';
import { CaptionColumn } from './caption-column.ts';
import { columnsOf, linesOf, type Column } from './columns.ts';

/** Enough to read what was said in the last quarter of an hour; more would make the page slow in hours. */
const maxLines = 200;

/** The part of the page with the captions: one column for each language of the talk. */
export class Stage {
  readonly #element: HTMLElement;
  readonly #announcer: Announcer;
  readonly #onShown: () => void;
  #captions = new CaptionStore({ maxLines });
  #columns: readonly (Column & { readonly view: CaptionColumn })[] = [];
  #shown = '';
  /** The newest offset of the talk when it was joined. */
  #joinedAt = 0;
  #isScheduled = false;

  /** @param onShown is called after captions were shown */
  constructor(element: HTMLElement, announcer: Announcer, onShown: () => void) {
    this.#element = element;
    this.#announcer = announcer;
    this.#onShown = onShown;
  }

  get hasCaptions(): boolean {
    return this.#element.querySelector('.caption') !== null;
  }

  /** Makes the columns for a session, unless they are there already, as after a loss. */
  joined({ sessionId, sourceLanguage, targetLanguages, offset }: SessionJoined, requested: readonly string[]): void {
    const columns = columnsOf(requested, targetLanguages ?? requested, sourceLanguage);
    const shown = [sessionId, ...columns.map(({ language }) => language)].join(' ');
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#joinedAt = offset;
    this.#captions = new CaptionStore({ maxLines });
    this.#announcer.restart();
    for (const { view } of this.#columns) view.close();
    this.#columns = columns.map((column) => ({ ...column, view: new CaptionColumn(column.language) }));
    this.#element.append(...this.#columns.map(({ view }) => view.element));
    this.#element.dataset['columns'] = String(this.#columns.length);
  }

  add(message: ServerMessage): void {
    const before = this.#captions.getSnapshot();
    this.#captions.add(message);
    if ('segmentId' in message && 'offset' in message && message.offset <= this.#joinedAt) {
      this.#announcer.skip(message.segmentId);
    }
    if (this.#captions.getSnapshot() !== before) this.#schedule();
  }

  /** After the size of the captions was changed. */
  resized(): void {
    for (const { view } of this.#columns) view.resized();
  }

  toNewest(): void {
    for (const { view } of this.#columns) view.toNewest();
  }

  /** Several messages of one moment are shown at once. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#show();
    });
  }

  #show(): void {
    const captions = this.#captions.getSnapshot();
    for (const [index, column] of this.#columns.entries()) {
      const lines = linesOf(column, this.#columns, captions);
      column.view.show(lines);
      if (index === 0) this.#announcer.announce(lines);
    }
    this.#onShown();
  }
}
