import { letterWeight } from '../letter-weight.ts';

/**
 * What no language translates: URLs, e-mail addresses, hashtags and handles, names of files and hosts, words with a digit
 * or an underscore. Their lengths are bounded, so that a look takes linear time.
 */
const untranslatable = [
  /(?:(?<![a-z])[a-z][a-z0-9+.-]{0,20}:\/\/|(?<![a-z])www\.)[!-~]*/giu,
  /[\w.+-]{1,64}@[\w.-]{1,255}/gu,
  /[#@][\p{L}\p{M}\p{N}_]{1,140}/gu,
  /(?<![\p{L}\p{N}])[\w~-]{0,64}(?:[./\\][\w~-]{1,64}){0,16}\.[a-z][a-z0-9]{1,5}(?![\p{L}\p{N}])(?:\/[!-~]*)?/gu,
  /[a-z-]{0,64}[\d_][\w-]{0,64}/giu,
];

/** Words that begin with a capital, and digits: what languages leave as it is. */
const namesAndNumbers = /\p{Lu}[\p{L}\p{M}'’-]*|\p{N}+/gu;
const noLetters = /[^\p{L}\p{M}]+/gu;
/** The same few letters over and over: hahaha, 加油加油加油. */
const stammer = /([\p{L}\p{M}]{1,8}?)\1{2,}/gu;

/** What may be the same in two languages without names and numbers, see `letterWeight`. */
const longestCommon = 20;

/** A text without what no language translates. */
export function translatable(text: string): string {
  return untranslatable.reduce((rest, pattern) => rest.replace(pattern, ' '), text);
}

function ordinaryWords(text: string): string[] {
  return translatable(text).replace(namesAndNumbers, ' ').split(noLetters);
}

function weightOf(words: Iterable<string>): number {
  return letterWeight([...words].join(''));
}

/** Whether a text holds so many words that are neither names nor numbers that another language says them otherwise. */
export function saysMuch(text: string): boolean {
  return weightOf(ordinaryWords(text)) > longestCommon;
}

/** Whether a text holds more beside names and numbers than what may link those: von, and, de la. */
export function saysSomething(text: string): boolean {
  return weightOf(ordinaryWords(text)) > longestCommon / 2;
}

/**
 * Whether a text repeats so much that its different words alone would say little: la la la, kyrie eleison.
 *
 * @returns how many different words it has; `undefined` where it says more
 */
export function repeatedWords(text: string): number | undefined {
  const words = new Set(ordinaryWords(text).map((word) => word.toLowerCase().replace(stammer, '$1')));
  words.delete('');
  return weightOf(words) > longestCommon ? undefined : words.size;
}

/** A text without case, marks and spaces: what is compared where only the words count. */
export function bareLetters(text: string): string {
  return text
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ');
}
