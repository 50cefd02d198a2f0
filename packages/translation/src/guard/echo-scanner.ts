import { bareLetters } from './ordinary-words.ts';

/** Letter by letter, so that what has come of a text is its beginning, also where an accent is yet to come. */
function lettersOf(text: string): string {
  return bareLetters(text.normalize('NFD'));
}

/**
 * Looks for a text in a reply that grows, by its letters alone, in time that is linear in both (the algorithm of Knuth,
 * Morris and Pratt).
 */
export class EchoScanner {
  readonly #said: string;
  /** By the length of a beginning of the text: that of the longest shorter one which is its end as well. */
  readonly #fallback: Uint32Array;
  #matched = 0;
  #length = 0;
  #found = false;
  #beganAsText = false;

  constructor(text: string) {
    this.#said = lettersOf(text);
    this.#fallback = new Uint32Array(this.#said.length + 1);
    for (let index = 1; index < this.#said.length; index++) {
      this.#fallback[index + 1] = this.#step(this.#fallback[index] ?? 0, this.#said[index]);
    }
  }

  /** Whether all that has come is the beginning of the text, or the text and more behind it. */
  get isBeginning(): boolean {
    return this.#length === this.#matched || this.#beganAsText;
  }

  /** Whether the whole text stands in what has come, beside something of two fifths its length or more. */
  get isRepeated(): boolean {
    return this.#found && this.#length > 1.4 * this.#said.length;
  }

  add(piece: string): void {
    const letters = lettersOf(piece);
    for (let index = 0; index < letters.length; index++) {
      this.#matched = this.#step(this.#matched, letters[index]);
      this.#length++;
      if (this.#matched !== this.#said.length) continue;
      this.#found = true;
      if (this.#length === this.#matched) this.#beganAsText = true;
    }
  }

  #step(matched: number, unit: string | undefined): number {
    let length = matched;
    while (length > 0 && this.#said[length] !== unit) length = this.#fallback[length] ?? 0;
    return this.#said[length] === unit ? length + 1 : 0;
  }
}
