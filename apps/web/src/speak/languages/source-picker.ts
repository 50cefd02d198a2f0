/// <reference lib="dom" />
import { languageTag } from './language-tag.ts';
import { displayName, sourcesOf, type OfferedLanguages } from './offered-languages.ts';

export interface SourcePickerOptions {
  readonly select: HTMLSelectElement;
  /** Where a tag is typed that is not on the list. */
  readonly other: HTMLInputElement;
  readonly onChange: () => void;
}

const otherValue = 'other';

/** Chooses the spoken language: from a list or, if the engine has none, any. */
export class SourcePicker {
  readonly #options: SourcePickerOptions;

  constructor(options: SourcePickerOptions) {
    this.#options = options;
    const { select, other, onChange } = options;
    select.addEventListener('change', () => {
      this.#showOther();
      if (select.value === otherValue) other.focus();
      onChange();
    });
    other.addEventListener('change', onChange);
  }

  /** The tag of the chosen language; `undefined` if what is typed is none. */
  get chosen(): string | undefined {
    const { select, other } = this.#options;
    return select.value === otherValue ? languageTag(other.value) : select.value;
  }

  /** @param chosen the language to choose, if it is offered */
  offer(offered: OfferedLanguages, chosen: string): void {
    const { select, other } = this.#options;
    const languages = sourcesOf(offered);
    const options = languages.map((language) => {
      const own = displayName(language);
      return new Option(own === language.name ? own : `${own} – ${language.name}`, language.code);
    });
    if (offered.isOpen) options.push(new Option('Another language …', otherValue));
    select.replaceChildren(...options);
    const isListed = languages.some(({ code }) => code === chosen);
    if (!isListed && offered.isOpen) other.value = chosen;
    if (isListed || offered.isOpen) select.value = isListed ? chosen : otherValue;
    this.#showOther();
  }

  #showOther(): void {
    const { select, other } = this.#options;
    const field = other.closest<HTMLElement>('.field');
    if (field !== null) field.hidden = select.value !== otherValue;
  }
}
