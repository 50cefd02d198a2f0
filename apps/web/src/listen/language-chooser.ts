/// <reference lib="dom" />
import { languageDirection, languageName, ownLanguageName } from '../page/language-names.ts';
import type { LanguageChoices } from './choose-languages.ts';

/** Two lists of languages: the one that is read, and optionally a second one beside it. */
export class LanguageChooser {
  readonly #first: HTMLSelectElement;
  readonly #second: HTMLSelectElement;

  /** @param onChoice is called with one or two languages when the reader has chosen */
  constructor(first: HTMLSelectElement, second: HTMLSelectElement, onChoice: (languages: readonly string[]) => void) {
    this.#first = first;
    this.#second = second;
    const chosen = (): void => {
      const languages = [first.value, second.value].filter((tag) => tag !== '');
      onChoice([...new Set(languages)]);
    };
    first.addEventListener('change', chosen);
    second.addEventListener('change', chosen);
  }

  /** @param chosen the languages that are shown; they are listed even if they are not offered */
  show({ offered, further }: LanguageChoices, chosen: readonly string[]): void {
    const [first = '', second = ''] = chosen;
    const listed = [...offered, ...chosen.filter((tag) => ![...offered, ...further].includes(tag))];
    this.#first.replaceChildren(...listed.map(option), ...moreLanguages(further));
    this.#second.replaceChildren(new Option('None', ''), ...listed.map(option), ...moreLanguages(further));
    this.#first.value = first;
    this.#second.value = second;
    this.#first.disabled = false;
    this.#second.disabled = false;
  }
}

function option(tag: string): HTMLOptionElement {
  const created = new Option(ownLanguageName(tag), tag);
  created.lang = tag;
  created.dir = languageDirection(tag);
  created.title = languageName(tag, 'en');
  return created;
}

function moreLanguages(tags: readonly string[]): HTMLElement[] {
  if (tags.length === 0) return [];
  const group = document.createElement('optgroup');
  group.label = 'More languages';
  group.append(...tags.map(option));
  return [group];
}
