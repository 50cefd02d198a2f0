/// <reference lib="dom" />
import { languageName, ownLanguageName } from '../../page/language-names.ts';
import { detectedLanguage, languageTag } from './language-tag.ts';
import {
  displayName,
  searchLanguages,
  targetsOf,
  type OfferedLanguage,
  type OfferedLanguages,
} from './offered-languages.ts';

export interface TargetPickerOptions {
  readonly search: HTMLInputElement;
  readonly list: HTMLElement;
  /** Says how many languages are chosen. */
  readonly count: HTMLElement;
  readonly onChange: (chosen: readonly string[]) => void;
}

/** The number of languages that a session may have. */
export const maxTargets = 20;

/** Chooses the languages to translate into: check boxes that can be searched; of an open engine, any tag can be typed. */
export class TargetPicker {
  readonly #options: TargetPickerOptions;
  #offered: OfferedLanguages = { languages: [], isOpen: false };
  #source = '';
  #chosen: readonly string[] = [];
  /** The chosen languages when the list was made, which come first: nothing moves while one chooses. */
  #first: readonly string[] = [];

  constructor(options: TargetPickerOptions) {
    this.#options = options;
    options.search.addEventListener('input', () => this.#draw());
    options.search.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      // Enter would start the talk.
      event.preventDefault();
      options.list.querySelector<HTMLInputElement>('input:enabled')?.click();
    });
  }

  get chosen(): readonly string[] {
    return this.#chosen;
  }

  /** Offers the targets of a source language. Chosen ones that it doesn't have are dropped. */
  offer(offered: OfferedLanguages, source: string, chosen: readonly string[]): void {
    this.#offered = offered;
    this.#source = source;
    const known = targetsOf(offered, source).map(({ code }) => code);
    this.#first = chosen
      .filter((tag) => known.includes(tag) || (offered.isOpen && tag !== source))
      .slice(0, maxTargets);
    this.choose(this.#first);
  }

  /** Shows these languages as chosen. */
  choose(chosen: readonly string[]): void {
    this.#chosen = chosen;
    this.#draw();
  }

  #draw(): void {
    const { list, count, search } = this.#options;
    const focused = list.contains(document.activeElement)
      ? (document.activeElement as HTMLInputElement).value
      : undefined;
    list.replaceChildren(...this.#shown().map((language) => this.#item(language)));
    for (const box of list.querySelectorAll('input')) if (box.value === focused) box.focus();
    if (list.children.length === 0) {
      const nothing = document.createElement('li');
      nothing.className = 'hint';
      nothing.textContent =
        search.value === '' ? 'There is no language to translate into.' : 'No such language is offered.';
      list.append(nothing);
    }
    count.textContent = this.#chosen.length === 0 ? '' : `${this.#chosen.length} chosen`;
  }

  #shown(): OfferedLanguage[] {
    const targets = targetsOf(this.#offered, this.#source);
    const others = [...this.#first, ...this.#chosen].filter((tag) => !targets.some(({ code }) => code === tag));
    const all = [...new Set(others)].map(unlisted).concat(targets);
    const first = all.filter(({ code }) => this.#first.includes(code));
    const inOrder = [...first, ...all.filter((language) => !first.includes(language))];
    const { value } = this.#options.search;
    const found = searchLanguages(inOrder, value);
    const typed = this.#offered.isOpen && value.trim() !== '' ? languageTag(value) : undefined;
    const isNew = typed !== undefined && typed !== detectedLanguage && typed !== this.#source;
    return isNew && !all.some(({ code }) => code === typed) ? [...found, unlisted(typed)] : found;
  }

  #item(language: OfferedLanguage): HTMLElement {
    const { code, name } = language;
    const item = document.createElement('li');
    const label = document.createElement('label');
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.value = code;
    box.checked = this.#chosen.includes(code);
    box.disabled = !box.checked && this.#chosen.length >= maxTargets;
    box.addEventListener('change', () => this.#toggle(code));
    const own = document.createElement('span');
    own.lang = code;
    own.textContent = displayName(language);
    label.append(box, own);
    if (own.textContent !== name) {
      const english = document.createElement('span');
      english.className = 'hint';
      english.textContent = name;
      label.append(english);
    }
    item.append(label);
    return item;
  }

  #toggle(code: string): void {
    const { onChange } = this.#options;
    const isChosen = this.#chosen.includes(code);
    this.choose(isChosen ? this.#chosen.filter((tag) => tag !== code) : [...this.#chosen, code]);
    onChange(this.#chosen);
  }
}

function unlisted(code: string): OfferedLanguage {
  return { code, name: languageName(code, 'en'), nativeName: ownLanguageName(code), targets: [] };
}
