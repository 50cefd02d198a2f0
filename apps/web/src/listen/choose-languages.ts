import { baseLanguage } from '../page/language-names.ts';
import { maxColumns } from './view-options.ts';

/** The languages in which a session can be read. */
export interface ListeningOffer {
  readonly sourceLanguage: string;
  /** With the source language. */
  readonly languages: readonly string[];
  /** How many further ones may be chosen. */
  readonly furtherLanguages: number;
}

/** What a reader can choose from. */
export interface LanguageChoices {
  readonly offered: readonly string[];
  /** Languages that the session translates into as soon as somebody chooses them. */
  readonly further: readonly string[];
}

/** Suggestions only, of a session that offers any language. */
const commonLanguages =
  'en es ca pt pt-BR fr it oc de nl sv da nb fi pl cs uk ru tr el he ar fa hi bn id vi th zh-Hans zh-Hant ja ko sw'.split(
    ' ',
  );

/**
 * @param preferred the languages of the browser, the best one first
 * @returns the offered languages, the preferred ones first
 */
export function languageChoices(offer: ListeningOffer, preferred: readonly string[]): LanguageChoices {
  const wanted = preferred.flatMap((tag) => bestMatch(tag, offer.languages) ?? []);
  const offered = [...new Set([...wanted, ...offer.languages])];
  if (offer.furtherLanguages <= 0) return { offered, further: [] };
  const others = [...preferred.map((tag) => baseLanguage(tag)), ...commonLanguages];
  return { offered, further: [...new Set(others)].filter((tag) => bestMatch(tag, offered) === undefined) };
}

/**
 * The languages to show: those of the link, otherwise those that the reader has chosen before, otherwise the best one
 * of the browser, otherwise the first translation.
 */
export function chosenLanguages(
  offer: ListeningOffer,
  { linked, remembered, preferred }: Readonly<Record<'linked' | 'remembered' | 'preferred', readonly string[]>>,
): readonly string[] {
  // The server knows better than this page what a link can mean, and says so if it means nothing.
  if (linked.length > 0) return linked.map((tag) => bestMatch(tag, offer.languages) ?? tag).slice(0, maxColumns);
  const mayAddAny = offer.furtherLanguages > 0;
  const again = remembered.flatMap((tag) => bestMatch(tag, offer.languages) ?? (mayAddAny ? tag : []));
  if (again.length > 0) return [...new Set(again)].slice(0, maxColumns);
  const [best] = preferred.flatMap((tag) => bestMatch(tag, offer.languages) ?? []);
  return [best ?? offer.languages.find((tag) => tag !== offer.sourceLanguage) ?? offer.sourceLanguage];
}

/** The same language if there is one, otherwise one of the same base: `es` for `es-MX`. */
function bestMatch(tag: string, languages: readonly string[]): string | undefined {
  const same = languages.find((other) => other.toLowerCase() === tag.toLowerCase());
  return same ?? languages.find((other) => baseLanguage(other) === baseLanguage(tag));
}
