import { bareLetters } from './ordinary-words.ts';

/** NFD, so that a prefix of the text stays a prefix while a combining accent is still to come. */
function lettersOf(text: string): string {
  return bareLetters(text.normalize('NFD'));
}

/** Searches a streamed reply for the letters of a text, in linear time (Knuth, Morris and Pratt). */
export class EchoScanner {
  readonly #said: string;
  /** For each prefix length, the length of the longest shorter prefix that is also its suffix. */
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

  /** Whether the reply so far is a prefix of the text, or starts with the whole text. */
  get isBeginning(): boolean {
    return this.#length === this.#matched || this.#beganAsText;
  }

  /** Whether the reply contains the whole text and at least 40% more. */
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
