/// <reference lib="dom" />
import type { OpenSegment } from '../talk/segments.ts';

const pauseMs = 150;

/** Turns typing into transcripts: partials after a pause, the final on Enter. */
export class Typing {
  readonly #input: HTMLInputElement;
  readonly #openSegment: () => OpenSegment;
  #segment: OpenSegment | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(input: HTMLInputElement, openSegment: () => OpenSegment) {
    this.#input = input;
    this.#openSegment = openSegment;
    input.addEventListener('input', () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#sendPartial(), pauseMs);
    });
  }

  /** Sends the content of the field as final. An empty one removes the partials that were shown. */
  finish(): void {
    const text = this.#input.value.trim();
    if (text !== '' || this.#segment !== undefined) (this.#segment ?? this.#openSegment()).final(text);
    this.#input.value = '';
    this.reset();
  }

  /** Removes what was shown of the content of the field, which stays as it is. */
  withdraw(): void {
    this.#segment?.final('');
    this.reset();
  }

  /** Shows a text in the field as if it was being typed. */
  restore(text: string): void {
    this.#input.value = text;
    this.#sendPartial();
  }

  /** Forgets the segment, whose session is over. */
  reset(): void {
    clearTimeout(this.#pause);
    this.#segment = undefined;
  }

  #sendPartial(): void {
    const text = this.#input.value.trim();
    if (text === '' && this.#segment === undefined) return;
    this.#segment ??= this.#openSegment();
    this.#segment.partial(text);
  }
}
