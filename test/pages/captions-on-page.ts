import type { Page } from 'playwright-core';

/** A word on a page and where it is, in CSS pixels. */
interface Place {
  readonly word: string;
  readonly left: number;
  readonly top: number;
}

/** The texts of all captions in the column of a language. */
export function captionsOf(page: Page, language: string): Promise<string[]> {
  return page.locator(`.column[data-language="${language}"] .caption p`).allTextContents();
}

/** Resolves once a caption has this text. */
export async function shown(page: Page, text: string): Promise<void> {
  await page.locator('.caption p').getByText(text, { exact: true }).first().waitFor();
}

/** The words of all captions by segment and position in its text. */
export async function placesOfWords(page: Page): Promise<ReadonlyMap<string, Place>> {
  return new Map(await page.evaluate<[string, Place][]>(measureWords));
}

/** Runs in the page, which the types of the tests do not know. */
const measureWords = `Array.from(document.querySelectorAll('.caption'), (caption) => {
  const walker = document.createTreeWalker(caption.querySelector('p'), NodeFilter.SHOW_TEXT);
  const places = [];
  let start = 0;
  while (walker.nextNode() !== null) {
    const text = walker.currentNode;
    for (const found of text.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(text, found.index);
      range.setEnd(text, found.index + found[0].length);
      const { left, top } = range.getClientRects()[0];
      places.push([
        caption.dataset.segment + ':' + (start + found.index),
        { word: found[0], left: Math.round(left), top: Math.round(top) },
      ]);
    }
    start += text.length;
  }
  return places;
}).flat()`;

/** Browsers place the lines of a text on whole device pixels. */
const roundingPx = 1;

/** The words of `before` that are still there in `after` and have another position. */
export function movedWords(before: ReadonlyMap<string, Place>, after: ReadonlyMap<string, Place>): string[] {
  return Array.from(before).flatMap(([key, { word, left, top }]) => {
    const now = after.get(key);
    if (now?.word !== word) return [];
    const movedPx = Math.max(Math.abs(now.left - left), Math.abs(now.top - top));
    return movedPx > roundingPx ? [`${word} from ${left},${top} to ${now.left},${now.top}`] : [];
  });
}
