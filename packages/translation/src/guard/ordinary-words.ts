import { letterWeight } from '../letter-weight.ts';

/**
 * Text that is the same in every language: URLs, e-mail addresses, hashtags and handles, file and host names, words with a
 * digit or an underscore. Lengths are bounded to keep matching linear.
 */
const untranslatable = [
  /(?:(?<![a-z])[a-z][a-z0-9+.-]{0,20}:\/\/|(?<![a-z])www\.)[!-~]*/giu,
  /[\w.+-]{1,64}@[\w.-]{1,255}/gu,
  /[#@][\p{L}\p{M}\p{N}_]{1,140}/gu,
  /(?<![\p{L}\p{N}])[\w~-]{0,64}(?:[./\\][\w~-]{1,64}){0,16}\.[a-z][a-z0-9]{1,5}(?![\p{L}\p{N}])(?:\/[!-~]*)?/gu,
  /[a-z-]{0,64}[\d_][\w-]{0,64}/giu,
];

/** Capitalized words and digits, which usually stay as they are. */
const namesAndNumbers = /\p{Lu}[\p{L}\p{M}'’-]*|\p{N}+/gu;
const noLetters = /[^\p{L}\p{M}]+/gu;
/** The same few letters repeated: hahaha, 加油加油加油. */
const stammer = /([\p{L}\p{M}]{1,8}?)\1{2,}/gu;

/** Weight up to which words other than names and numbers may be the same in two languages; see `letterWeight`. */
const longestCommon = 20;

/** Returns the text without its untranslatable parts. */
export function translatable(text: string): string {
  return untranslatable.reduce((rest, pattern) => rest.replace(pattern, ' '), text);
}

/** Whether a text has letters other than untranslatable ones, such as those of a URL. */
export function hasTranslatableLetters(text: string): boolean {
  return /\p{L}/u.test(translatable(text));
}

function ordinaryWords(text: string): string[] {
  return translatable(text).replace(namesAndNumbers, ' ').split(noLetters);
}

function weightOf(words: Iterable<string>): number {
  return letterWeight([...words].join(''));
}

/** Whether a text has enough words other than names and numbers that its translation must differ. */
export function hasEnoughWords(text: string): boolean {
  return weightOf(ordinaryWords(text)) > longestCommon;
}

/** Whether a text has more than names, numbers and the particles linking them: von, and, de la. */
export function hasOrdinaryWords(text: string): boolean {
  return weightOf(ordinaryWords(text)) > longestCommon / 2;
}

/**
 * Detects a text that mostly repeats a few words: la la la, kyrie eleison.
 *
 * @returns the number of distinct words; `undefined` if the text is not repetitive
 */
export function repeatedWords(text: string): number | undefined {
  const words = new Set(ordinaryWords(text).map((word) => word.toLowerCase().replace(stammer, '$1')));
  words.delete('');
  return weightOf(words) > longestCommon ? undefined : words.size;
}

/** Reduces a text to lower-case letters and digits, for comparing words only. */
export function bareLetters(text: string): string {
  return text
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ');
}
