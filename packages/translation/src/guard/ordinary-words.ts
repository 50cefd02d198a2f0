import { letterWeight } from '../letter-weight.ts';

/** Words that begin with a capital, and digits: what languages leave as it is. */
const namesAndNumbers = /\p{Lu}[\p{L}\p{M}'’-]*|\p{N}+/gu;
const noLetters = /[^\p{L}\p{M}]/gu;

/** What may be the same in two languages without names and numbers, see `letterWeight`. */
const longestCommon = 20;

/** Whether a text holds so many words that are neither names nor numbers that another language says them otherwise. */
export function saysMuch(text: string): boolean {
  return letterWeight(text.replace(namesAndNumbers, '').replace(noLetters, '')) > longestCommon;
}

/** A text without case, marks and spaces: what is compared where only the words count. */
export function bareLetters(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}]/gu, '').toLowerCase();
}
