/// <reference lib="dom" />
import type { CaptionLine } from '@parley/client';
import { CaptionItem } from './caption-item.ts';

/**
 * The captions of one language. The newest one has room for several lines of text from the start (see `listen.css`), and none
 * gets smaller before the next one begins: so within a sentence nothing on the page moves.
 */
export class CaptionList {
  readonly element: HTMLElement;
  readonly #items = new Map<number, CaptionItem>();
  #lines: readonly CaptionLine[] = [];

  constructor(element: HTMLElement) {
    this.element = element;
  }

  /** @param lines in the order of their segments */
  show(lines: readonly CaptionLine[]): void {
    const hasNext = lines.at(-1)?.segmentId !== this.#lines.at(-1)?.segmentId;
    this.#lines = lines;
    this.#removeOthers(lines);
    let previousSpeaker: string | undefined;
    for (const [index, line] of lines.entries()) {
      const item = this.#items.get(line.segmentId) ?? new CaptionItem();
      this.#items.set(line.segmentId, item);
      if (this.element.children[index] !== item.element) {
        this.element.insertBefore(item.element, this.element.children[index] ?? null);
      }
      item.show(line, line.speaker === previousSpeaker ? '' : (line.speaker ?? ''));
      previousSpeaker = line.speaker;
    }
    this.#holdHeights(hasNext);
  }

  /** Lets all captions take the height that they need, after their width or font has changed. */
  releaseHeights(): void {
    for (const item of this.#items.values()) item.release();
    this.#holdHeights(false);
  }

  #removeOthers(lines: readonly CaptionLine[]): void {
    const shown = new Set(lines.map(({ segmentId }) => segmentId));
    for (const [segmentId, item] of this.#items) {
      if (shown.has(segmentId)) continue;
      item.element.remove();
      this.#items.delete(segmentId);
    }
  }

  /** The page moves when the next caption begins anyway: the time to give back room that the ones before did not need. */
  #holdHeights(hasNext: boolean): void {
    if (hasNext) for (const item of this.#items.values()) item.release();
    const last = this.#lines.length - 1;
    for (const [index, { state, segmentId }] of this.#lines.entries()) {
      if (state === 'open' || index === last) this.#items.get(segmentId)?.hold();
    }
  }
}
