/// <reference lib="dom" />
import type { CaptionLine } from '@parley/client';
import { languageDirection } from '../page/language-names.ts';
import { textForError } from '../page/reader-texts.ts';

/**
 * One caption on the page. Its texts change in place: what stays is not laid out anew, so its words keep their
 * position while others are added or replaced behind them.
 */
export class CaptionItem {
  readonly element = document.createElement('li');
  readonly #speaker = document.createElement('span');
  readonly #text = document.createElement('p');
  readonly #concluded = document.createTextNode('');
  readonly #tentative = document.createElement('span');
  readonly #note = document.createElement('span');
  #line: CaptionLine | undefined;

  constructor() {
    this.element.className = 'caption';
    this.#speaker.className = 'speaker';
    this.#tentative.className = 'tentative';
    this.#note.className = 'note';
    this.#text.append(this.#concluded, this.#tentative);
    this.element.append(this.#speaker, this.#text);
  }

  /** @param speaker whom to name above the line; empty if it is the one before */
  show(line: CaptionLine, speaker: string): void {
    if (this.#speaker.textContent !== speaker) this.#speaker.textContent = speaker;
    if (this.#line === line) return;
    const { language, concluded, tentative, state, isSuspect, failure } = line;
    if (this.#line?.language !== language) {
      this.element.lang = language;
      this.element.dir = languageDirection(language);
    }
    this.#line = line;
    this.element.dataset['segment'] = String(line.segmentId);
    this.element.dataset['state'] = state;
    if (this.#concluded.data !== concluded) this.#concluded.data = concluded;
    if (this.#tentative.textContent !== tentative) this.#tentative.textContent = tentative;
    this.#text.classList.toggle('suspect', isSuspect);
    this.#showNote(state === 'failed' ? textForError({ code: failure ?? '' }) : '', isSuspect);
  }

  /** Keeps the height that the line has reached, so that nothing below it moves if it needs less again. */
  hold(): void {
    const { height } = this.element.getBoundingClientRect();
    const held = Number.parseFloat(this.element.style.minHeight) || 0;
    // The height that is held may be rounded.
    if (height > held + 0.5) this.element.style.minHeight = `${height}px`;
  }

  release(): void {
    this.element.style.minHeight = '';
  }

  /** Behind the text, where it moves nothing. The note on a suspect line is for screen readers, who don't see its mark. */
  #showNote(failure: string, isSuspect: boolean): void {
    const text = failure !== '' ? failure : isSuspect ? ' (This may not be a translation.)' : '';
    if (text === '') {
      this.#note.remove();
      return;
    }
    this.#note.className = failure !== '' ? 'note' : 'visually-hidden';
    this.#note.textContent = text;
    // The note is in the language of the page.
    this.#note.lang = 'en';
    this.#note.dir = 'ltr';
    this.element.append(this.#note);
  }
}
