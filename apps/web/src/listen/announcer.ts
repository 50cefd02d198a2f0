/// <reference lib="dom" />
import type { CaptionLine } from '@parley/client';
import { languageDirection } from '../page/language-names.ts';

const maxAnnounced = 3;

/**
 * Announces final captions to screen readers in a polite live region. The captions themselves are not live: they change several
 * times a second.
 */
export class Announcer {
  readonly #region: HTMLElement;
  #announced = new Set<number>();

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  /** @param lines all lines on the page of the language that is announced; each is announced once */
  announce(lines: readonly CaptionLine[]): void {
    const final = lines.filter(({ state }) => state === 'settled');
    const fresh = final.filter(({ segmentId }) => !this.#announced.has(segmentId));
    this.#announced = new Set(final.map(({ segmentId }) => segmentId));
    for (const { concluded, language } of fresh) {
      const paragraph = document.createElement('p');
      paragraph.lang = language;
      paragraph.dir = languageDirection(language);
      paragraph.textContent = concluded;
      this.#region.append(paragraph);
    }
    while (this.#region.childElementCount > maxAnnounced) this.#region.firstElementChild?.remove();
  }

  /** A caption from before the reader joined, who can find it on the page. */
  skip(segmentId: number): void {
    this.#announced.add(segmentId);
  }

  /** Another talk or language. */
  restart(): void {
    this.#announced.clear();
    this.#region.replaceChildren();
  }
}
