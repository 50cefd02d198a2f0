import { languageAndScript, undeterminedLanguage, type LanguageTag } from '@parley/protocol';

/** Scripts (ISO 15924) that are usually written without spaces between words. */
const unspacedScripts: ReadonlySet<string> = new Set([
  ...['Bopo', 'Hani', 'Hans', 'Hant', 'Hira', 'Hrkt', 'Jpan', 'Kana'],
  ...['Khmr', 'Lana', 'Laoo', 'Mymr', 'Tale', 'Talu', 'Tavt', 'Thai', 'Tibt', 'Yiii'],
]);

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** A unit of a text, and where it ends in it. */
interface PlacedUnit {
  readonly unit: string;
  /** In UTF-16 units. */
  readonly end: number;
}

const unspacedLetters = new RegExp(
  `[${['Han', 'Hira', 'Kana', 'Khmr', 'Laoo', 'Mymr', 'Thai', 'Tibt'].map((script) => `\\p{Script=${script}}`).join('')}]`,
  'u',
);

/** Whether a language, according to its likely script, is written without spaces between words; if it is unknown, the text tells. */
function isUnspaced(language: LanguageTag, text: string): boolean {
  if (language === undeterminedLanguage) return unspacedLetters.test(text);
  return unspacedScripts.has(languageAndScript(language).split('-').at(-1) ?? '');
}

function placedUnits(text: string, language: LanguageTag): PlacedUnit[] {
  if (!isUnspaced(language, text)) {
    return Array.from(text.matchAll(/\S+/gu), ({ 0: unit, index }) => ({ unit, end: index + unit.length }));
  }
  return Array.from(graphemes.segment(text), ({ segment: unit, index }) => ({ unit, end: index + unit.length })).filter(
    ({ unit }) => unit.trim() !== '',
  );
}

/**
 * Returns the units in which the stability of a text is measured: its words, separated by white space and with their
 * punctuation, or its graphemes without white space in a language that is written without spaces between words.
 *
 * @example readingUnits('Bon dia, gent.', 'ca') // ['Bon', 'dia,', 'gent.']
 * @example readingUnits('大家 好', 'zh') // ['大', '家', '好']
 */
export function readingUnits(text: string, language: LanguageTag): string[] {
  return placedUnits(text, language).map(({ unit }) => unit);
}

/** Returns how many units two texts have in common at their beginning. */
export function commonUnits(one: readonly string[], other: readonly string[]): number {
  const differing = one.findIndex((unit, index) => unit !== other[index]);
  return differing < 0 ? one.length : differing;
}

/**
 * Returns the beginning of a text up to the end of its unit number `count`, which is a prefix of the text character by
 * character; the whole text, without white space at its end, if it has no more units than that.
 */
export function firstUnits(text: string, count: number, language: LanguageTag): string {
  const end = count < 1 ? 0 : placedUnits(text, language).slice(0, count).at(-1)?.end;
  return text.slice(0, end ?? 0);
}
